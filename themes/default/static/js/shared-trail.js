// @ts-check
/**
 * A trail that somebody hands on: the ids of its places, in a link or a file; followed, it is a
 * route like any other, carried by the moment at which it was taken. What comes from elsewhere is
 * text and ids, of which only those of this course count. No document here.
 */
import { within } from "./within.js";

/** @typedef {{title: string, pages: string[]}} Shared */
/** @typedef {[string, string, string]} Step a page's id, title, and address from the site's root */

/** What a link may carry, and a file. In places, letters of a name, of a link, and of a file. */
export const most = { places: 80, name: 80, link: 6000, file: 2_000_000 };
const mark = "#trail=";
const kind = "shared:";

/** `~` parts the fields, so none may hold it. @param {string} text */
const packed = (text) => encodeURIComponent(text).replace(/~/g, "%7E");

/**
 * The end of a link, which the browser keeps to itself: no host is ever told it.
 * @param {string} title
 * @param {string[]} pages
 */
export function linkOf(title, pages) {
  let fragment = mark + packed(title.slice(0, most.name));
  for (const page of pages.slice(0, most.places)) {
    const longer = fragment + "~" + packed(page);
    if (longer.length > most.link) break;
    fragment = longer;
  }
  return fragment;
}

/**
 * @param {string} title
 * @param {unknown[]} pages
 * @returns {Shared | null}
 */
function sharedOf(title, pages) {
  const ids = pages.slice(0, most.places).filter((page) => typeof page === "string");
  return ids.length ? { title: title.slice(0, most.name).trim(), pages: ids } : null;
}

/** The trail that a link carries; null where there is none. @param {string} hash */
export function trailIn(hash) {
  if (!hash.startsWith(mark) || hash.length > most.link) return null;
  try {
    const [title, ...pages] = hash.slice(mark.length).split("~").map(decodeURIComponent);
    return sharedOf(title, pages);
  } catch {
    return null;
  }
}

/**
 * The longest run of a file; null where the file is no trail of this course.
 * @param {string} text
 * @param {string} course
 */
export function trailOfFile(text, course) {
  if (text.length > most.file) return null;
  try {
    const data = JSON.parse(text);
    if (data.format !== "learnpath-trail" || data.version !== 1 || data.course !== course) return null;
    const runs = data.runs.map((/** @type {any} */ { name, moments }) => {
      const pages = moments.filter(({ type = "" }) => type === "opened").map(({ page = "" }) => page);
      return sharedOf(String(name ?? ""), walked(pages));
    });
    return runs.reduce((/** @type {any} */ best, /** @type {any} */ run) => (run && run.pages.length > (best?.pages.length ?? 0) ? run : best), null);
  } catch {
    return null;
  }
}

/** Each place once, where it was first come to. @param {any[]} pages */
export const walked = (pages) => [...new Set(pages)];

/**
 * What a route moment says of a followed trail.
 * @param {string} title
 * @param {string} url where trails are shown, from the site's root
 * @param {Step[]} steps
 */
export const routeIdOf = (title, url, steps) => kind + JSON.stringify([title, url, ...steps]);

/**
 * A followed trail as a route of a learner's own is: its steps count from the site's root, and none
 * leads out of the site.
 * @param {string | null | undefined} id
 * @param {{root: string}} island
 */
export function sharedRoute(id, { root }) {
  if (!id?.startsWith(kind)) return undefined;
  try {
    const [title, url, ...steps] = JSON.parse(id.slice(kind.length));
    const read = steps.map((/** @type {any} */ [page, name, there]) => ({ page: String(page), title: String(name), url: within(there) }));
    return { id, title: String(title), url: root + within(url), steps: read.filter((step) => step.url) };
  } catch {
    return undefined;
  }
}
