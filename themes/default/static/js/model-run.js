// @ts-check
/**
 * A program of stocks and flows, run: Euler, or Runge and Kutta's fourth order. The build runs the
 * same in Python; tests/vectors/models.json holds for both. What cannot be computed is not a number
 * from there on. No document here, and nothing is ever evaluated but a parsed tree.
 */

/** @typedef {any} Tree a number, or an operator with its arguments */
/** @typedef {Record<string, number>} Values */
/**
 * @typedef {object} Program
 * @property {[number, number, number, string, string]} time start, end, step, method, unit
 * @property {[string, string, number, number, number, number][]} inputs name, kind, value, low, high, by
 * @property {Record<string, [number, number][]>} tables
 * @property {[string, Tree, Tree][]} stocks name, first value, change
 * @property {[string, Tree, Tree, Tree][]} delays name, what, how long, first value
 * @property {[string, Tree][]} order
 * @property {{names: string[], after: boolean}[]} show
 * @property {Record<string, string>} units
 */

const nearly = 1e-9;

/** @type {Record<string, (...numbers: number[]) => number>} */
const operators = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => (b === 0 ? NaN : a / b),
  "^": Math.pow,
  "==": (a, b) => Number(a === b),
  "!=": (a, b) => Number(a !== b),
  "<": (a, b) => Number(a < b),
  "<=": (a, b) => Number(a <= b),
  ">": (a, b) => Number(a > b),
  ">=": (a, b) => Number(a >= b),
  and: (a, b) => Number(a !== 0 && b !== 0),
  or: (a, b) => Number(a !== 0 || b !== 0),
  not: (a) => Number(a === 0),
  min: Math.min,
  max: Math.max,
  abs: Math.abs,
  floor: Math.floor,
  round: (a) => Math.floor(a + 0.5),
  sqrt: Math.sqrt,
  exp: Math.exp,
  ln: Math.log,
  sin: Math.sin,
  cos: Math.cos,
};

/** @type {Record<string, (now: number, ...numbers: number[]) => number>} */
const timed = {
  step: (now, height, at) => (now >= at - nearly ? height : 0),
  pulse: (now, height, at, long) => (at - nearly <= now && now < at + long - nearly ? height : 0),
  ramp: (now, slope, start, end) => slope * (Math.min(Math.max(now, start), end) - start),
};

/**
 * Between two points on the line between them, outside at the last.
 * @param {[number, number][]} points
 * @param {number} x
 */
function lookedUp(points, x) {
  if (Number.isNaN(x)) return NaN;
  if (x <= points[0][0]) return points[0][1];
  const at = points.findIndex(([px]) => x <= px);
  if (at < 0) return points[points.length - 1][1];
  const [[ax, ay], [bx, by]] = [points[at - 1], points[at]];
  return ay + ((by - ay) * (x - ax)) / (bx - ax);
}

/**
 * @param {Tree} tree
 * @param {(name: string) => number} valueOf
 * @param {Program} program
 * @param {number} time
 * @returns {number}
 */
function value(tree, valueOf, program, time) {
  if (typeof tree === "number") return tree;
  const [operator, ...rest] = tree;
  const of = (/** @type {Tree} */ part) => value(part, valueOf, program, time);
  if (operator === "var") return valueOf(rest[0]);
  if (operator === "time") return time;
  if (operator === "if") return of(of(rest[0]) ? rest[1] : rest[2]);
  if (operator === "table") return lookedUp(program.tables[rest[0]], of(rest[1]));
  const numbers = rest.map(of);
  if (numbers.some(Number.isNaN)) return NaN;
  const found = Object.hasOwn(timed, operator) ? timed[operator](time, ...numbers) : operators[operator](...numbers);
  return Number.isFinite(found) ? found : NaN;
}

/** How many steps a run has. @param {Program} program */
export const stepsOf = ({ time: [start, end, step] }) => Math.floor((end - start) / step + nearly);

/** One run, standing at one moment: `values` are those of the moment, inputs included. */
export class Run {
  /**
   * @param {Program} program
   * @param {Values} [inputs]
   */
  constructor(program, inputs = {}) {
    this.program = program;
    /** @type {Values} */
    this.inputs = { ...Object.fromEntries(program.inputs.map(([name, , first]) => [name, first])), ...inputs };
    this.at = 0;
    /** @type {Values} */
    this.stocks = {};
    /** @type {Record<string, number[]>} */
    this.pipes = {};
    this.begin();
    this.values = this.look(this.stocks, this.time);
  }

  get time() {
    const [start, , step] = this.program.time;
    return start + this.at * step;
  }

  get steps() {
    return stepsOf(this.program);
  }

  /** Decide otherwise, from this moment on. @param {Values} inputs */
  change(inputs) {
    Object.assign(this.inputs, inputs);
    this.values = this.look(this.stocks, this.time);
  }

  /** Go on by one step. */
  advance() {
    const changed = this.changed();
    for (const [name, what] of this.program.delays) {
      this.pipes[name].push(value(what, (other) => this.values[other], this.program, this.time));
      this.pipes[name].shift();
    }
    this.stocks = changed;
    this.at += 1;
    this.values = this.look(this.stocks, this.time);
  }

  /** First values, each asked for when it is needed: the program has no circle. */
  begin() {
    const { order, stocks, delays, time } = this.program;
    const formulas = new Map(order);
    for (const [name, first] of stocks) formulas.set(name, first);
    for (const [name, , , first] of delays) formulas.set(name, first);
    const known = new Map(Object.entries(this.inputs));
    /** @type {(name: string) => number} */
    const ask = (name) => {
      if (!known.has(name)) known.set(name, value(formulas.get(name), ask, this.program, time[0]));
      return /** @type {number} */ (known.get(name));
    };
    for (const [name] of stocks) this.stocks[name] = ask(name);
    for (const [name, , long] of delays) {
      const ratio = value(long, ask, this.program, time[0]) / time[2];
      const count = Number.isFinite(ratio) ? Math.max(Math.floor(ratio + 0.5), 1) : 1;
      this.pipes[name] = Array(Math.min(count, this.steps + 1)).fill(ask(name));
    }
  }

  /**
   * @param {Values} stocks
   * @param {number} time
   */
  look(stocks, time) {
    /** @type {Values} */
    const values = { ...this.inputs, ...stocks };
    for (const name in this.pipes) values[name] = this.pipes[name][0];
    for (const [name, tree] of this.program.order) {
      values[name] = value(tree, (other) => values[other], this.program, time);
    }
    return values;
  }

  changed() {
    const [, , step, method] = this.program.time;
    const { time } = this;
    if (method !== "rk4") return this.moved(this.slopes(this.values, time), step);
    const half = step / 2;
    const one = this.slopes(this.values, time);
    const two = this.slopes(this.look(this.moved(one, half), time + half), time + half);
    const three = this.slopes(this.look(this.moved(two, half), time + half), time + half);
    const four = this.slopes(this.look(this.moved(three, step), time + step), time + step);
    /** @type {Values} */
    const mean = {};
    for (const name in one) mean[name] = (one[name] + 2 * two[name] + 2 * three[name] + four[name]) / 6;
    return this.moved(mean, step);
  }

  /**
   * @param {Values} values
   * @param {number} time
   */
  slopes(values, time) {
    const { stocks } = this.program;
    return Object.fromEntries(stocks.map(([name, , tree]) => [name, value(tree, (other) => values[other], this.program, time)]));
  }

  /**
   * @param {Values} slopes
   * @param {number} by
   */
  moved(slopes, by) {
    return Object.fromEntries(Object.entries(this.stocks).map(([name, stock]) => [name, stock + by * slopes[name]]));
  }
}

/**
 * Every moment of a run up to `moments`, `time` among its values.
 * @param {Program} program
 * @param {Values} inputs
 * @param {Values[]} decisions those of each moment
 * @param {number} [moments]
 */
export function rowsOf(program, inputs, decisions, moments = Infinity) {
  const run = new Run(program, inputs);
  const rows = [];
  for (let at = 0; at <= Math.min(run.steps, moments); at += 1) {
    if (at) run.advance();
    if (at < decisions.length) run.change(decisions[at]);
    rows.push({ ...run.values, time: run.time });
  }
  return rows;
}
