// @ts-check
/** What was played, as it is kept and as it is read. No document here. */

/** @typedef {import("./model-run.js").Values} Values */

/**
 * A trace as it is kept: the settings in a line, then a line for each step's decisions. What goes on
 * from an earlier trace begins with it, and so needs no version of its own beside the box.
 * @param {Values} settings
 * @param {Values[]} decisions
 */
export const traceText = (settings, decisions) =>
  [JSON.stringify(settings), ...decisions.map((each) => JSON.stringify(each))].join("\n");

/** @param {unknown} text @returns {{settings: Values, decisions: Values[]} | null} */
export function traceIn(text) {
  try {
    const [settings, ...decisions] = String(text).split("\n").map((line) => JSON.parse(line));
    return settings && typeof settings === "object" ? { settings, decisions } : null;
  } catch {
    return null;
  }
}

/**
 * What was decided one time after another, a long row of the same told once: 4, 4, 20 (× 34).
 * @param {string[]} texts
 */
export function inRow(texts) {
  /** @type {[string, number][]} */
  const rows = [];
  for (const text of texts) {
    const last = rows[rows.length - 1];
    if (last?.[0] === text) last[1] += 1;
    else rows.push([text, 1]);
  }
  return rows.flatMap(([text, n]) => (n > 3 ? [`${text} (× ${n})`] : Array(n).fill(text))).join(", ");
}
