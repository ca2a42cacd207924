// @ts-check
/** The panel over the page that says what is wrong with the course. Everything in it is text. */
import { ask } from "./wire.js";

/** @typedef {{severity: string, rule: string, place: string, message: string, hint: string, excerpt: string, mark: number | null}} Note */
/** @typedef {{errors: number, warnings: number, notes: Note[]}} Notes */

const looks = `
:host { all: initial; }
section { position: fixed; inset: auto 0 0; z-index: 2147483647; max-block-size: 50vh; overflow: auto; box-sizing: border-box;
  padding: .75rem 1rem; background: #fff8f6; color: #2a1512; border-block-start: .3rem solid #b3261e; box-shadow: 0 -4px 24px #0004;
  font: 15px/1.45 system-ui, sans-serif; direction: ltr; text-align: start; }
section.calm { inset: auto auto .75rem .75rem; padding: .4rem .75rem; border: 1px solid #8a6d1a; border-radius: .5rem; background: #fffbe9; max-inline-size: min(60rem, 94vw); }
h2 { font-size: 1rem; margin: 0 0 .5rem; } h2 + * { margin-block-start: 0; }
ol { margin: 0; padding: 0; list-style: none; } li { margin-block: 0 .9rem; }
p { margin: 0; } .place { font-family: ui-monospace, monospace; font-weight: 600; overflow-wrap: anywhere; } .rule { color: #6b5a55; }
button.place { padding: 0; border: 0; background: none; color: inherit; text-align: start; text-decoration: underline; cursor: pointer; }
.hint { color: #1d4d2b; } pre { margin: .2rem 0; padding: .3rem .5rem; background: #0000000d; overflow: auto; font: 13px/1.4 ui-monospace, monospace; }
mark { background: #b3261e; color: #fff; } summary { cursor: pointer; } .errors > summary { font-weight: 600; } details ol { margin-block-start: .75rem; }
:focus-visible { outline: 2px solid #1a5fb4; outline-offset: 2px; }
@media print { section { display: none; } }`;

/** @type {ShadowRoot | null} */
let inside = null;

const panel = () => (inside ??= shadowOf("learnpath-preview-panel", looks));

/**
 * Outside of the body and in a shadow tree, so that neither the page's styles nor its scripts meet it.
 * @param {string} id
 * @param {string} css
 */
export function shadowOf(id, css) {
  const host = document.createElement("div");
  host.id = id;
  const shadow = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  shadow.adoptedStyleSheets = [sheet];
  document.documentElement.append(host);
  return shadow;
}

/**
 * @param {string} name
 * @param {Record<string, string>} attributes
 * @param {(Node | string)[]} children
 */
export function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** Show these notes, and no others. @param {Notes} notes */
export function showNotes(notes) {
  if (!notes.errors && !notes.warnings) {
    makeRoom(null);
    return inside?.replaceChildren();
  }
  const open = inside?.querySelector("details.warnings")?.open ?? false;
  const errors = notes.notes.filter(({ severity }) => severity === "error");
  const warnings = notes.notes.filter(({ severity }) => severity !== "error");
  const parts = [];
  if (errors.length) parts.push(foldable(notes.errors, errors));
  if (warnings.length) parts.push(folded(notes.warnings, warnings, open));
  const section = make("section", { role: "status", "aria-label": "What is wrong with the course" }, ...parts);
  section.classList.toggle("calm", !errors.length);
  panel().replaceChildren(section);
  makeRoom(section);
}

/**
 * The errors, open until somebody folds them; very many begin folded, and the page is seen.
 * @param {number} count @param {Note[]} errors
 */
function foldable(count, errors) {
  const details = /** @type {HTMLDetailsElement} */ (
    make("details", { class: "errors" }, make("summary", {}, counted(count, "error")), list(errors), more(count - errors.length))
  );
  details.open = (recalled() ?? (count > A_HANDFUL ? "folded" : "open")) === "open";
  details.addEventListener("toggle", () => {
    remember(details.open ? "open" : "folded");
    makeRoom(/** @type {HTMLElement} */ (details.parentElement));
  });
  return details;
}

const A_HANDFUL = 20;
const MEMORY = "learnpath-preview-panel";

/** How the panel was left in this tab. @returns {string | null} */
function recalled() {
  try {
    return sessionStorage.getItem(MEMORY);
  } catch {
    return null; // storage may be forbidden; the panel then begins as it likes
  }
}

/** @param {string} how */
function remember(how) {
  try {
    sessionStorage.setItem(MEMORY, how);
  } catch {
    // see above
  }
}

/** The end of the page can be scrolled out from under the panel. @param {HTMLElement | null} section */
function makeRoom(section) {
  const room = section && !section.classList.contains("calm") ? `${section.offsetHeight}px` : "";
  document.documentElement.style.paddingBlockEnd = room;
}

/** Say that nobody answers; the next notes replace it. */
export function showSilence() {
  const words = "The preview server does not answer. Start it again and this page goes on by itself.";
  panel().replaceChildren(make("section", { role: "status", class: "calm" }, words));
}

/** @param {Note[]} notes */
const list = (notes) => make("ol", {}, ...notes.map(item));

/** A place in a file, which opens in the author's editor. @param {string} place */
function placed(place) {
  if (!/\.(md|ya?ml)(:|$)/.test(place)) return make("span", { class: "place" }, place);
  const button = make("button", { type: "button", class: "place", title: "Open in your editor" }, place);
  button.addEventListener("click", () => {
    ask({ wish: "open", place }).catch((error) => (button.title = error.message));
  });
  return button;
}

/** @param {Note} note */
function item({ place, message, rule, hint, excerpt, mark }) {
  const first = make("p", {}, placed(place), ` ${message} `, make("span", { class: "rule" }, `[${rule}]`));
  return make("li", {}, first, ...(excerpt ? [line(excerpt, mark)] : []), make("p", { class: "hint" }, `→ ${hint}`));
}

/** @param {string} excerpt @param {number | null} mark */
function line(excerpt, mark) {
  if (mark === null) return make("pre", {}, excerpt);
  const letters = Array.from(excerpt); // columns count code points
  return make("pre", {}, letters.slice(0, mark).join(""), make("mark", {}, letters[mark] ?? " "), letters.slice(mark + 1).join(""));
}

/** @param {number} count @param {Note[]} notes @param {boolean} open */
function folded(count, notes, open) {
  const details = make("details", { class: "warnings" }, make("summary", {}, counted(count, "warning")), list(notes), more(count - notes.length));
  details.toggleAttribute("open", open);
  return details;
}

/** @param {number} rest */
const more = (rest) => (rest > 0 ? make("p", {}, `and ${rest} more: learnpath check tells them all`) : "");

/** @param {number} count @param {string} word */
const counted = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
