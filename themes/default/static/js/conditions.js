// @ts-check
/**
 * The condition language, evaluated. Total and free of effects: every tree has a value for all
 * facts. The same vectors (tests/vectors/conditions.json) hold for the evaluator in Python.
 */

/** @typedef {any} Tree a literal, or a list that begins with an operator */
/**
 * @typedef {object} Facts
 * @property {Record<string, any>} variables
 * @property {string[]} visited
 * @property {Record<string, string>} chose
 * @property {string | null} route
 * @property {Record<string, string | number>} answers
 * @property {string[]} revisited
 */

/** @param {any} value */
const isNumber = (value) => typeof value === "number";

/**
 * Own keys only: an author may well name a checkpoint `constructor`.
 * @param {Record<string, any>} record
 * @param {string} key
 */
const own = (record, key) => (Object.hasOwn(record, key) ? record[key] : null);

/** @type {Record<string, (a: number, b: number) => number | boolean>} */
const onNumbers = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
};

/**
 * An answer of nothing but white space is none.
 * @param {string} id
 * @param {Facts} facts
 */
function answerOf(id, facts) {
  const value = own(facts.answers, id);
  return typeof value === "string" && !value.trim() ? null : value;
}

/** @type {Record<string, (facts: Facts, ...parts: any[]) => any>} */
const operators = {
  var: (facts, name) => own(facts.variables, name),
  route: (facts) => facts.route,
  visited: (facts, id) => facts.visited.includes(id),
  answered: (facts, id) => answerOf(id, facts) !== null,
  answer: (facts, id) => answerOf(id, facts),
  revisited: (facts, id) => facts.revisited.includes(id),
  chose: (facts, block) => own(facts.chose, block),
  count: (facts, ...parts) => parts.filter((part) => holds(part, facts)).length,
  and: (facts, a, b) => holds(a, facts) && holds(b, facts),
  or: (facts, a, b) => holds(a, facts) || holds(b, facts),
  not: (facts, a) => !holds(a, facts),
  neg: (facts, a) => {
    const value = evaluate(a, facts);
    return isNumber(value) ? -value : null;
  },
};

/**
 * @param {Tree} tree
 * @param {Facts} facts
 * @returns {any} a number, a string, a boolean, or null where nothing is known
 */
export function evaluate(tree, facts) {
  if (!Array.isArray(tree)) return tree;
  const [operator, ...parts] = tree;
  const known = own(operators, operator);
  if (known) return known(facts, ...parts);
  const [a, b] = parts.map((part) => evaluate(part, facts) ?? null);
  const work = own(onNumbers, operator);
  if (work) return isNumber(a) && isNumber(b) ? work(a, b) : /[+-]/.test(operator) ? null : false;
  if (a === null || b === null) return false;
  return operator === "==" ? a === b : operator === "!=" && a !== b;
}

/**
 * @param {Tree} tree
 * @param {Facts} facts
 */
export function holds(tree, facts) {
  return Boolean(evaluate(tree, facts));
}

/**
 * What a condition asks about: `[kind, id]` for each name in it.
 * @param {Tree} tree
 * @returns {[string, string][]}
 */
export function namesIn(tree) {
  if (!Array.isArray(tree)) return [];
  const [operator, ...parts] = tree;
  if (["var", "route", "visited", "answered", "answer", "revisited", "chose"].includes(operator)) {
    return [[operator, parts[0]]];
  }
  return parts.flatMap(namesIn);
}
