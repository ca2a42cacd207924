// @ts-check
/**
 * One run as a list of places, with the branches that left it nested where they left. No document
 * here. A long run is a long list, not a deep one.
 */

/** @typedef {import("./moments.js").Entry} Entry */
/** @typedef {import("./moments.js").MomentTree} MomentTree */
/** @typedef {import("./runs.js").Run} Run */
/**
 * @typedef {object} Place
 * @property {Entry} moment
 * @property {Place[][]} branches
 * @property {string[]} runs that begin from here
 */

/** Deeper branches stand at the end of the list: a hostile log must not nest without end. */
const deepest = 8;

/**
 * The way to the present moment is the main one; where it does not lie on this run, the latest is.
 * @param {MomentTree} tree
 * @param {Run} run
 * @param {string | undefined} present
 * @returns {Place[]}
 */
export function placesOf(tree, run, present) {
  const own = new Map(run.moments.map((moment) => [moment.id, moment]));
  const towards = wayTo(tree, own, present) ?? wayTo(tree, own, run.moments[run.moments.length - 1].id) ?? new Set();
  const seen = new Set();

  /** @param {Entry} begin @param {number} depth @returns {Place[]} */
  const chain = (begin, depth) => {
    /** @type {Place[]} */
    const places = [];
    /** @type {Entry | undefined} */
    let moment = begin;
    while (moment && !seen.has(moment.id)) {
      seen.add(moment.id);
      const children = tree.children.get(moment.id) ?? [];
      const mine = children.filter(({ id }) => own.has(id));
      const next = mine.find(({ id }) => towards.has(id)) ?? mine[mine.length - 1];
      const others = mine.filter((child) => child !== next);
      const branches = depth < deepest ? others.map((child) => chain(child, depth + 1)) : [];
      places.push({
        moment,
        branches: branches.filter((branch) => branch.length),
        runs: children.filter(({ id }) => !own.has(id)).map(({ id }) => id),
      });
      moment = next;
    }
    return places;
  };

  const places = run.moments.length ? chain(own.get(run.id) ?? run.moments[0], 0) : [];
  // What lies too deep, or in a circle of a damaged log, is not lost.
  for (const moment of run.moments) if (!seen.has(moment.id)) places.push(...chain(moment, deepest));
  return places;
}

/**
 * @param {MomentTree} tree
 * @param {Map<string, Entry>} own
 * @param {string | undefined} id
 */
function wayTo(tree, own, id) {
  if (!own.has(id ?? "")) return null;
  const way = new Set();
  let at = tree.moments.get(id);
  while (at && !way.has(at.id)) {
    way.add(at.id);
    at = tree.moments.get(at.parent);
  }
  return way;
}
