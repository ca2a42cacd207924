// @ts-check
/** Where the author is on the page: scroll, focus and half-typed words, kept over a reload. */

const kept = "learnpath-preview:place";
const boxes = "textarea, input:is([type=text], [type=search], [type=number], :not([type]))";

/**
 * A selector that finds the same element in the next edition of the page.
 * @param {Element} element
 */
export function wayTo(element) {
  const parts = [];
  for (let at = element; at.parentElement; at = at.parentElement) {
    if (at.id) return [`#${CSS.escape(at.id)}`, ...parts].join(">");
    const same = Array.from(at.parentElement.children).filter((other) => other.tagName === at.tagName);
    parts.unshift(`${at.localName}:nth-of-type(${same.indexOf(at) + 1})`);
  }
  return [":root", ...parts].join(">");
}

/** Remember the place, for the page that this one is reloaded to. */
export function keepPlace() {
  const words = Array.from(document.querySelectorAll(boxes), (box) => [wayTo(box), /** @type {any} */ (box).value]);
  const place = { path: location.pathname, x: scrollX, y: scrollY, focus: focusNow(), words: words.filter(([, text]) => text) };
  try {
    sessionStorage.setItem(kept, JSON.stringify(place));
  } catch {} // without storage the browser's own memory of the scroll position has to do
}

function focusNow() {
  const element = /** @type {any} */ (document.activeElement);
  if (!element || element === document.body) return null;
  const { selectionStart: start = null, selectionEnd: end = null } = element;
  return { way: wayTo(element), start, end };
}

/** Return to the place that was remembered, once the learner's own scripts have brought back what they keep. */
export function restorePlace() {
  const place = takePlace();
  if (place?.path !== location.pathname) return;
  whenReady(() => {
    place.words.forEach(bringBack);
    scrollTo({ left: place.x, top: place.y, behavior: "instant" });
    if (place.focus) focusOn(place.focus);
  });
}

function takePlace() {
  try {
    const text = sessionStorage.getItem(kept);
    sessionStorage.removeItem(kept);
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}

/** @param {() => void} work */
function whenReady(work) {
  const root = document.documentElement;
  if (root.hasAttribute("data-ready") || !document.querySelector("#learnpath-page")) return work();
  const watcher = new MutationObserver(done);
  const timer = setTimeout(done, 3000);
  function done() {
    watcher.disconnect();
    clearTimeout(timer);
    setTimeout(work);
  }
  watcher.observe(root, { attributes: true, attributeFilter: ["data-ready"] });
}

/** @param {[string, string]} words */
function bringBack([way, text]) {
  const box = /** @type {HTMLTextAreaElement | null} */ (document.querySelector(way));
  if (!box || box.value) return;
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

/** @param {{way: string, start: number | null, end: number | null}} focus */
export function focusOn({ way, start, end }) {
  const element = /** @type {any} */ (document.querySelector(way));
  element?.focus({ preventScroll: true });
  if (start !== null && end !== null) element?.setSelectionRange?.(start, end);
}
