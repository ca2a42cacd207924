// @ts-check
/**
 * Which words of each page the learner has read last: told by every opening, and by a line of its
 * own where a page was read again at a place that was there. No document here.
 */

/** @typedef {import("./moments.js").Entry} Entry */
/** @typedef {{rev: string, at: string}} Reading */

/** A revision of a page's words. What older pages kept there was of their files, and tells nothing. */
const isRevision = /^[\w-]{8}$/;

/**
 * @param {Entry[]} log in order
 * @param {Record<string, string>} aliases of pages: former id → present id
 * @param {Set<string>} passed moments whose gate was passed
 * @returns {Map<string, Reading[]>} by page, the latest last
 */
export function readingsIn(log, aliases, passed) {
  /** @type {Map<string, Reading[]>} */
  const found = new Map();
  for (const { type, id, page = "", rev = "", at, gated } of log) {
    if (!page || !/^(opened|read)$/.test(type) || (gated && !passed.has(id))) continue;
    const now = Object.hasOwn(aliases, page) ? aliases[page] : page;
    found.set(now, [...(found.get(now) ?? []), { rev, at }]);
  }
  return found;
}

/**
 * Whether words were changed since they were read: never said where that is not known.
 * @param {Reading | undefined} reading
 * @param {string | undefined} now today's revisions of the page, in all its languages
 */
export const isChanged = (reading, now) =>
  Boolean(now && reading && isRevision.test(reading.rev) && !now.split(" ").includes(reading.rev));
