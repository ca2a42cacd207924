// @ts-check
/**
 * What could come next, and why: from the course's typed ways, the trail, and what the learner said.
 * Nothing is scored and nothing is locked. No document here.
 */

/** @typedef {{title: string, url: string, topics?: string[]}} Known */
/** @typedef {{pages: Record<string, Known>, edges: [string, string, string][]}} Ways from, type, to */
/** @typedef {{page: string, why: string, of: string}} Suggestion `of` fills the reason's `{of}` */

/** A page is told once, by its best reason. Those of the page that builds, and of a contrast, go both ways. */
const onwards = ["contrasts", "perspective", "case", "deepens", "detour"];
const backwards = ["builds_on", "contrasts"];

/** Letters without their accents and cases. @param {string} text */
const plainly = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/**
 * Whether words speak of a title: every word of it that means something is among them.
 * @param {string} words plainly
 * @param {string} title
 */
function speakOf(words, title) {
  const parts = plainly(title).match(/[\p{L}\p{N}]+/gu) ?? [];
  const telling = parts.filter((part) => part.length > 3 || /[^\p{Script=Latin}]/u.test(part));
  return telling.length > 0 && telling.every((part) => words.includes(part));
}

/**
 * @param {Ways} ways
 * @param {string[]} seen pages, the latest first
 * @param {string[]} said what the learner wrote, the latest first
 * @param {{most?: number, besides?: Iterable<string>}} [among] how many, and what is offered already
 * @returns {Suggestion[]}
 */
export function suggestions({ pages, edges }, seen, said, { most = 6, besides = [] } = {}) {
  const known = new Set([...seen, ...besides]);
  /** @type {Map<string, Suggestion>} */
  const found = new Map();
  const offer = (/** @type {string} */ page, /** @type {string} */ why, /** @type {string} */ of) => {
    if (!known.has(page) && Object.hasOwn(pages, page) && !found.has(page)) found.set(page, { page, why, of });
  };
  const titleOf = (/** @type {string} */ id) => pages[id]?.title ?? "";
  const words = plainly(said.join("\n"));
  for (const [id, { title, topics = [] }] of Object.entries(pages)) {
    const about = [title, ...topics].find((name) => speakOf(words, name));
    if (about) offer(id, "asked", about);
  }
  // Reasons by the learner's own words come first, but not alone.
  const spoken = [...found.values()].slice(0, most / 2);
  found.clear();
  for (const suggestion of spoken) found.set(suggestion.page, suggestion);
  for (const place of seen.filter((id) => Object.hasOwn(pages, id))) {
    for (const [from, type, to] of edges) {
      if (from === place && onwards.includes(type)) offer(to, type, titleOf(place));
      if (to === place && backwards.includes(type)) offer(from, type, titleOf(place));
    }
  }
  for (const place of seen.filter((id) => Object.hasOwn(pages, id))) {
    for (const [from, type, to] of edges) if (from === place && /^(choice|link)$/.test(type)) offer(to, type, titleOf(place));
  }
  return [...found.values()].slice(0, most);
}
