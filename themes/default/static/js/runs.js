// @ts-check
/**
 * Runs: the branches of the tree of moments that have a beginning of their own. One begins with
 * each root, and wherever the learner gave a branch a name. No document here:
 * tests/vectors/runs.json holds for this and for the model in Python.
 */

/** @typedef {import("./moments.js").Entry} Entry */
/** @typedef {import("./moments.js").MomentTree} MomentTree */
/**
 * @typedef {object} Run
 * @property {string} id the moment it begins with
 * @property {string} name empty where none was given
 * @property {Entry[]} moments in order; those of runs that branch off are not in it
 */

/**
 * The names that were given, by the moment that a run begins with; the last one holds.
 * @param {Entry[]} log in order
 * @returns {Map<string, string>}
 */
export function runNames(log) {
  return new Map(log.filter(({ type }) => type === "named").map(({ moment, name = "" }) => [moment, name]));
}

/**
 * Every run with its moments, in the order in which they were begun.
 * @param {MomentTree} tree
 * @param {Map<string, string>} names
 * @returns {Map<string, Run>}
 */
export function runsOf(tree, names) {
  const begins = beginnings(tree, names);
  /** @type {Map<string, Run>} */
  const runs = new Map();
  for (const moment of tree.moments.values()) {
    const id = begins.get(moment.id) ?? moment.id;
    const run = runs.get(id) ?? { id, name: names.get(id) ?? "", moments: [] };
    run.moments.push(moment);
    runs.set(id, run);
  }
  return runs;
}

/**
 * For every moment, the one that its run begins with.
 * @param {MomentTree} tree
 * @param {Map<string, string>} names
 */
function beginnings({ moments }, names) {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const moment of moments.values()) {
    /** @type {Set<string>} */
    const way = new Set();
    let at = moment;
    // Up to a beginning; in a damaged log, until the circle closes.
    for (;;) {
      const parent = moments.get(at.parent);
      if (way.has(at.id) || found.has(at.id)) break;
      way.add(at.id);
      if (!parent || names.get(at.id)) break;
      at = parent;
    }
    const begin = found.get(at.id) ?? at.id;
    for (const id of way) found.set(id, begin);
  }
  return found;
}
