// @ts-check
/** Where the author is on the page: scroll, focus and half-typed words, kept over a reload. */

const kept = "learnpath-preview:place";
const read = "main :is(p, li, h1, h2, h3, h4, h5, h6, pre, table, figure, summary, form)";
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
  const place = {
    ...{ path: location.pathname, x: scrollX, y: scrollY },
    ...{ seen: topmost(), focus: focusNow(), words: words.filter(([, text]) => text) },
  };
  try {
    sessionStorage.setItem(kept, JSON.stringify(place));
    // The browser remembers where a smooth scroll was a moment ago, and would return there after us.
    history.scrollRestoration = "manual";
  } catch {} // without storage the browser's own memory of the scroll position has to do
}

/**
 * The block that is read at the top of the window, and how far below it begins. What stands above
 * may be taller or shorter in the next edition; the block is what the eye rests on.
 */
function topmost() {
  const blocks = Array.from(document.querySelectorAll(read));
  const block = blocks.find((element) => element.getBoundingClientRect().bottom > 0);
  return block ? { way: wayTo(block), top: block.getBoundingClientRect().top } : null;
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
    history.scrollRestoration = "auto";
    place.words.forEach(bringBack);
    scrollTo({ left: place.x, top: place.y, behavior: "instant" });
    if (place.seen) backTo(place.seen);
    if (place.focus) focusOn(place.focus);
  });
}

/** @param {{way: string, top: number}} seen */
function backTo({ way, top }) {
  const now = document.querySelector(way)?.getBoundingClientRect().top;
  if (now !== undefined) scrollBy({ top: now - top, behavior: "instant" });
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
