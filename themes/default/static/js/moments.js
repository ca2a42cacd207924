// @ts-check
/**
 * What state means over time: the tree of moments, computed from the log and never stored.
 * A moment is a page opened, an option taken that stays on its page, a route taken or left, or a
 * run begun afresh.
 * No document here: tests/vectors/moments.json holds for this and for the model in Python.
 */

/**
 * One line of the learner's log. Lines are only ever added.
 * @typedef {object} Entry
 * @property {number} v version of the data
 * @property {string} id
 * @property {number} seq higher than all that was known when it was written: a clock set back
 *   changes no order
 * @property {string} at ISO time
 * @property {string} moment
 * @property {string} type opened, read, chose, route, run, back, named, passed, answer, note, bookmark, plan,
 *   shared, erased
 * @property {string} [device]
 * @property {string} [run]
 * @property {string | null} [parent]
 * @property {string} [page]
 * @property {string} [pageTitle]
 * @property {string} [url]
 * @property {string} [rev] of the page's words, when it was opened or read
 * @property {By | null} [by]
 * @property {boolean} [gated]
 * @property {string} [how]
 * @property {string} [key]
 * @property {string} [option]
 * @property {any[]} [effects]
 * @property {string | null} [route]
 * @property {string | number} [value]
 * @property {string} [label]
 * @property {string} [name] of the run that begins at the moment
 * @property {string} [kind]
 * @property {string} [prompt]
 * @property {string} [of]
 * @property {string} [asked] the revisit that asked, where it asked the first question
 * @property {string} [draft] the tab whose draft this was
 * @property {string[]} [keys] of what was erased (all, where there are none), or was shared
 * @property {string} [from] the name of this browser's packets, in what was shared
 * @property {number} [number] how many packets there were by then
 */
/** @typedef {{block?: string, option?: string, label?: string, effects?: any[], edge?: string, route?: string, anchor?: string}} By */
/**
 * @typedef {object} MomentTree
 * @property {Map<any, Entry>} moments
 * @property {Map<any, Entry[]>} children
 * @property {Entry | null} latest the moment last come to, or gone back to on the trail
 * @property {Set<string>} passed moments whose gate was passed
 * @property {Set<any>} onPaper pages whose gate was answered on paper: a fact of the learner
 * @property {Map<string, Entry[]>} versions every answer under its present id, oldest first
 * @property {Map<any, Entry[]>} own notes, bookmarks and plans, likewise: no condition asks for them
 */
/** @typedef {{pages?: Record<string, string>, checkpoints?: Record<string, string>}} Aliases */

/**
 * @param {Entry} a
 * @param {Entry} b
 */
export function byOrder(a, b) {
  return a.seq - b.seq || (a.at < b.at ? -1 : a.at > b.at ? 1 : a.id < b.id ? -1 : 1);
}

/**
 * @template T
 * @param {Map<any, T[]>} map
 * @param {any} key
 * @param {T} value
 */
function addTo(map, key, value) {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/**
 * @param {Entry[]} log in any order
 * @param {Aliases} [aliases] former id → present id
 * @returns {MomentTree}
 */
export function treeOf(log, aliases = {}) {
  /** @type {Aliases & Record<string, any>} */
  const { pages = {}, checkpoints = {} } = aliases;
  const now = (/** @type {any} */ ids, /** @type {any} */ id) => (Object.hasOwn(ids, id) ? ids[id] : id);
  /** @type {MomentTree} */
  const tree = {
    moments: new Map(),
    children: new Map(),
    latest: null,
    passed: new Set(),
    onPaper: new Set(),
    versions: new Map(),
    own: new Map(),
  };
  for (const entry of [...log].sort(byOrder)) {
    const { id, type } = entry;
    if (type === "answer") addTo(tree.versions, now(checkpoints, entry.key), entry);
    else if (/^(note|bookmark|plan)$/.test(type)) addTo(tree.own, entry.key, entry);
    else if (type === "passed") {
      tree.passed.add(entry.moment);
      if (entry.how === "paper") tree.onPaper.add(tree.moments.get(entry.moment)?.page);
    } else if (type === "back") tree.latest = tree.moments.get(entry.moment) ?? tree.latest;
    else if (/^(opened|chose|route|run)$/.test(type)) {
      const moment = { ...entry, page: now(pages, entry.page) };
      tree.moments.set(id, moment);
      addTo(tree.children, entry.parent ?? null, moment);
      tree.latest = moment;
    }
  }
  return tree;
}

/**
 * The moments from the root to this one.
 * @param {MomentTree} tree
 * @param {string | null | undefined} id
 * @returns {Entry[]}
 */
export function pathTo(tree, id) {
  /** @type {Set<Entry>} */
  const seen = new Set();
  let moment = tree.moments.get(id);
  while (moment && !seen.has(moment)) {
    seen.add(moment);
    moment = tree.moments.get(moment.parent);
  }
  return [...seen].reverse();
}

/**
 * Effects in the order written; a number stays in its range after each. What the course no longer
 * declares, or declares otherwise, is left alone.
 * @param {Record<string, any>} variables
 * @param {any[]} effects
 * @param {Record<string, any>} state the course's declarations
 */
export function applyEffects(variables, effects, state) {
  for (const [name, sign, value] of effects) {
    if (!Object.hasOwn(state, name)) continue;
    const declared = state[name];
    if (declared.type === "number") {
      const wanted = sign === "=" ? value : variables[name] + (sign === "+" ? value : -value);
      if (typeof wanted === "number")
        variables[name] = Math.min(declared.to, Math.max(declared.from, wanted));
    } else if (
      sign === "=" &&
      (declared.type === "flag" ? typeof value === "boolean" : Object.hasOwn(declared.options, value))
    ) {
      variables[name] = value;
    }
  }
}

/** @param {Entry} moment */
const isOpening = ({ type }) => type === "opened";

/**
 * @param {MomentTree} tree
 * @param {Entry} moment
 */
const counts = (tree, moment) => isOpening(moment) && (!moment.gated || tree.passed.has(moment.id));

/**
 * The moment at which the present page was opened. Options taken on it come after.
 * @param {Entry[]} path
 */
export function openingOf(path) {
  return path.findLast(isOpening);
}

/**
 * Both kinds of fact at a moment: what belongs to the path, and what belongs to the learner.
 * The present opening of a page does not make it visited, and neither do options taken on it.
 * @param {MomentTree} tree
 * @param {string | null | undefined} id
 * @param {Record<string, any>} state the course's declarations
 * @returns {import("./conditions.js").Facts}
 */
export function factsAt(tree, id, state) {
  const path = pathTo(tree, id);
  const opening = openingOf(path);
  /** @type {import("./conditions.js").Facts} */
  const facts = { variables: {}, visited: [], chose: {}, route: null, answers: {}, revisited: [] };
  for (const name in state) facts.variables[name] = state[name].start;
  const visited = new Set();
  for (const moment of path) {
    const { by } = moment;
    const { block, option } = by ?? { block: moment.key, option: moment.option };
    if (block && option) facts.chose[block] = option;
    applyEffects(facts.variables, by?.effects ?? moment.effects ?? [], state);
    const route = by?.route ?? moment.route;
    if (route !== undefined) facts.route = route;
    if (moment !== opening && counts(tree, moment)) visited.add(moment.page);
  }
  facts.visited = [...visited];
  const revisited = new Set();
  for (const [key, versions] of tree.versions) {
    const { value = "", of } = /** @type {Entry} */ (versions.at(-1));
    facts.answers[key] = value;
    if (of && String(value).trim()) revisited.add(of);
  }
  facts.revisited = [...revisited];
  return facts;
}

/**
 * Pages the learner has seen on any branch: for marks, not for conditions.
 * @param {MomentTree} tree
 */
export function everVisited(tree) {
  return new Set(
    [...tree.moments.values()].filter((moment) => counts(tree, moment)).map((moment) => moment.page),
  );
}

/**
 * Has this gate been passed on the path, or on paper at any time?
 * @param {MomentTree} tree
 * @param {Entry[]} path
 * @param {string} page
 */
export function gatePassed(tree, path, page) {
  return tree.onPaper.has(page) || path.some((moment) => moment.page === page && tree.passed.has(moment.id));
}

/** @param {any} moment */
const signature = ({ type, page, by, key, option, route }) =>
  JSON.stringify([type, page, by?.block, by?.option, by?.edge, by?.route, key, option, route]);

/**
 * The child that the same step made before: taking it again goes forward along its branch.
 * @param {MomentTree} tree
 * @param {string | null} parent
 * @param {Partial<Entry>} wanted
 */
export function twin(tree, parent, wanted) {
  const sought = signature(wanted);
  return tree.children.get(parent)?.find((child) => signature(child) === sought);
}

/**
 * Where the learner is on opening a page: at a moment that is there, or at a new child of `parent`.
 * @param {MomentTree} tree
 * @param {string} page
 * @param {string | undefined} remembered the moment of this history entry (reload, back, forward)
 * @param {{from: string | null, by: By | null} | null} step the link that was followed
 * @returns {{moment?: Entry, parent?: string | null, by?: By | null}}
 */
export function arrival(tree, page, remembered, step) {
  const kept = tree.moments.get(remembered);
  if (kept?.page === page) return { moment: kept };
  const by = step?.by ?? null;
  const parent = tree.moments.get(step?.from) ?? tree.latest;
  if (parent?.page === page && !by?.option && !by?.route) return { moment: parent };
  const id = parent?.id ?? null;
  return { moment: twin(tree, id, { type: "opened", page, by }), parent: id, by };
}

/**
 * Options taken since the present page was opened, as `block|option`.
 * @param {Entry[]} path
 */
export function takenHere(path) {
  const start = path.findLastIndex(isOpening);
  return new Set(path.slice(start + 1).map((moment) => moment.key + "|" + moment.option));
}
