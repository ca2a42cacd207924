// @ts-check
/** Choices that were played. No document here. */

/**
 * Every moment, on any run, at which an option of this page was taken.
 * @param {import("./moments.js").MomentTree} tree
 * @param {string} page
 */
export const playedHere = ({ moments }, page) =>
  [...moments.values()].filter(
    ({ parent, by, key }) => (by?.block || key) && moments.get(parent)?.page === page,
  );
