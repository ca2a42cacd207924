// @ts-check
/**
 * The next edition of a page put in place of the one shown, where that is safe: the style sheets,
 * and blocks that no script has touched. Everything else is for a reload to do.
 */
import { focusOn, wayTo } from "./place.js";

/** @typedef {{document: Document, digest: string}} Edition */
/** @typedef {{parent: Element, at: number, old: Element[], fresh: Element[]}} Change */

const touched = "script, style, form, input, textarea, select, button, iframe, dialog, [hidden], [data-checkpoint], [data-choices], [data-when], [data-requires], [data-after], [data-of]";

/**
 * The page as the server has it now, parsed, its scripts asleep. (What comes by DOMParser
 * would have to be trusted; a request that answers with a document needs no trust.)
 * @returns {Promise<Edition | null>}
 */
export function fetchEdition() {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.responseType = "document";
    request.onload = () => {
      const digest = /desc="([^"]*)"/.exec(request.getResponseHeader("Server-Timing") ?? "")?.[1] ?? "";
      resolve(request.response ? { document: request.response, digest } : null);
    };
    request.onerror = () => resolve(null);
    request.open("GET", location.pathname);
    request.send();
  });
}

/**
 * Show `after` instead of `before`, which is what the page was made from. False, with nothing
 * changed, where a reload is needed.
 * @param {Document} before
 * @param {Document} after
 */
export function swapEdition(before, after) {
  if (!sameScripts(before, after) || !sameIsland(before, after)) return false;
  const sheets = changedSheets(before, after);
  const changes = [];
  if (!sheets || !compare(before.body, after.body, document.body, changes)) return false;
  document.title = after.title;
  sheets.forEach(putSheet);
  changes.forEach(put);
  return true;
}

/** @param {Document} before @param {Document} after */
function sameScripts(before, after) {
  const seen = (/** @type {Document} */ from) =>
    Array.from(from.querySelectorAll("head script, head style, head meta[http-equiv]"), (element) => element.outerHTML).join("\n");
  const { lang, dir } = before.documentElement;
  return seen(before) === seen(after) && lang === after.documentElement.lang && dir === after.documentElement.dir;
}

/** What the page's scripts were told, but for the revision, which is new with every word. */
function sameIsland(/** @type {Document} */ before, /** @type {Document} */ after) {
  const told = (/** @type {Document} */ from) =>
    JSON.stringify({ ...JSON.parse(from.querySelector("#learnpath-page")?.textContent || "{}"), rev: "" });
  return told(before) === told(after);
}

/** Pairs of a sheet in the page and its new one; null where they cannot be paired. */
function changedSheets(/** @type {Document} */ before, /** @type {Document} */ after) {
  const [old, fresh, shown] = [before, after, document].map((from) => Array.from(from.querySelectorAll("head link[rel=stylesheet]")));
  if (old.length !== fresh.length || old.length !== shown.length) return null;
  return fresh
    .map((sheet, at) => ({ shown: shown[at], sheet, same: sheet.isEqualNode(old[at]) }))
    .filter(({ same }) => !same);
}

/** The old sheet goes when the new one is there: the page is never bare. */
function putSheet(/** @type {{shown: Element, sheet: Element}} */ { shown, sheet }) {
  const copy = document.importNode(sheet, true);
  copy.addEventListener("load", () => shown.remove());
  copy.addEventListener("error", () => copy.remove());
  shown.after(copy);
}

/**
 * Collect what differs between two elements. False where it cannot be changed in the live one.
 * @param {Element} before
 * @param {Element} after
 * @param {Element | undefined} live
 * @param {Change[]} changes
 * @returns {boolean}
 */
function compare(before, after, live, changes) {
  const [old, fresh] = [elementsOf(before), elementsOf(after)];
  if (!old || !fresh || !live || live.localName !== before.localName || live.id !== before.id) return false;
  const shown = Array.from(live.children);
  if (shown.length !== before.children.length) return false;
  const [start, end] = unequal(old, fresh);
  const [gone, came] = [old.slice(start, old.length - end), fresh.slice(start, fresh.length - end)];
  if (!gone.length && !came.length) return true;
  if (gone.length === 1 && came.length === 1 && sameTag(gone[0], came[0])) {
    if (compare(gone[0], came[0], shown[start], changes)) return true;
  }
  const standing = shown.slice(start, start + gone.length);
  const safe = gone.every((element, at) => isPlain(element) && element.isEqualNode(standing[at])) && came.every(isPlain);
  if (safe) changes.push({ parent: live, at: start, old: standing, fresh: came });
  return safe;
}

/** The children of an element that holds no words of its own; null of one that does. The island is not compared. */
function elementsOf(/** @type {Element} */ element) {
  const bare = Array.from(element.childNodes).every((node) => node.nodeType !== Node.TEXT_NODE || !node.textContent?.trim());
  return bare ? Array.from(element.children).filter(({ id }) => id !== "learnpath-page") : null;
}

/** How many elements are equal at the start and at the end. */
function unequal(/** @type {Element[]} */ old, /** @type {Element[]} */ fresh) {
  const most = Math.min(old.length, fresh.length);
  let start = 0;
  while (start < most && old[start].isEqualNode(fresh[start])) start += 1;
  let end = 0;
  while (end < most - start && old[old.length - 1 - end].isEqualNode(fresh[fresh.length - 1 - end])) end += 1;
  return [start, end];
}

/** @param {Element} one @param {Element} other */
const sameTag = (one, other) => one.cloneNode(false).isEqualNode(other.cloneNode(false));

/** @param {Element} element */
const isPlain = (element) => !element.matches(touched) && !element.querySelector(touched);

function put(/** @type {Change} */ { parent, at, old, fresh }) {
  const focused = document.activeElement;
  const way = focused && old.some((element) => element.contains(focused)) ? wayTo(focused) : "";
  const after = old.at(-1)?.nextElementSibling ?? parent.children[at + old.length] ?? null;
  old.forEach((element) => element.remove());
  fresh.forEach((element) => parent.insertBefore(document.importNode(element, true), after));
  if (way) focusOn({ way, start: null, end: null });
}
