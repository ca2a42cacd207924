// @ts-check
/** Numbers over time as a line chart, as the build draws it: see learnpath/simulation/chart.py. */

const space = "http://www.w3.org/2000/svg";
const wide = 400;
const high = 220;
const edge = { left: 44, right: 26, top: 26, bottom: 34 };
export const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
export const mostLines = 8;

/** @param {number} number */
const tenths = (number) => Math.floor(number * 10 + 0.5) / 10;

/**
 * A number as it is read: at most three digits behind the point, and a true minus sign.
 * @param {number} number
 */
export function numberText(number) {
  if (!Number.isFinite(number)) return "–";
  const size = Math.abs(number);
  const digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3;
  const scaled = Math.floor(size * 10 ** digits + 0.5) / 10 ** digits;
  return (number < 0 && scaled ? "−" : "") + String(scaled);
}

/** The next of 1, 2, 5, 10 … @param {number} rough */
function nice(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * (/** @type {number} */ ([1, 2, 5, 10].find((part) => power * part >= rough * 0.999999)));
}

/** @param {number} low @param {number} top @param {number} most */
function ticks(low, top, most) {
  const step = nice((top - low) / most);
  const first = Math.ceil(low / step - nearlyNothing);
  const count = Math.floor(top / step + nearlyNothing) - first + 1;
  return Array.from({ length: count }, (_, at) => (first + at) * step);
}
const nearlyNothing = 1e-9;

/**
 * @param {string} tag
 * @param {Record<string, any>} attributes
 * @param {string} [text]
 */
function shape(tag, attributes, text = "") {
  const element = document.createElementNS(space, tag);
  for (const [name, each] of Object.entries(attributes)) element.setAttribute(name, String(each));
  element.textContent = text;
  return element;
}

/**
 * @param {number[]} span first and last time
 * @param {{time: number, value: number}[][]} lines
 * @param {{words: string, unit: string, time: string}} said
 */
export function drawChart([start, end], lines, said) {
  const known = lines.flat().map(({ value }) => value).filter(Number.isFinite);
  let low = Math.min(0, ...known);
  let top = Math.max(0, ...known);
  if (low === top) top = low + 1;
  const step = nice((top - low) / 4);
  low = Math.floor(low / step + nearlyNothing) * step;
  top = Math.ceil(top / step - nearlyNothing) * step;
  const x = (/** @type {number} */ time) => tenths(edge.left + ((time - start) / (end - start)) * (wide - edge.left - edge.right));
  const y = (/** @type {number} */ each) => tenths(high - edge.bottom - ((each - low) / (top - low)) * (high - edge.top - edge.bottom));
  const svg = shape("svg", { class: "chart", role: "img", "aria-label": said.words, viewBox: `0 0 ${wide} ${high}` });
  for (const level of ticks(low, top, 5)) {
    const kind = Math.abs(level) < 1e-12 ? "chart-zero" : "chart-grid";
    svg.append(
      shape("path", { class: kind, d: `M${edge.left} ${y(level)}H${wide - edge.right}` }),
      shape("text", { "text-anchor": "end", x: edge.left - 6, y: y(level) + 4 }, numberText(level)),
    );
  }
  for (const moment of ticks(start, end, 8)) {
    svg.append(shape("text", { "text-anchor": "middle", x: x(moment), y: high - edge.bottom + 17 }, numberText(moment)));
  }
  svg.append(
    shape("text", { class: "chart-axis", "text-anchor": "end", x: wide - edge.right, y: high - 2 }, said.time),
    shape("text", { class: "chart-axis", x: 2, y: 12 }, said.unit),
  );
  /** @type {{at: number, x: number, y: number}[]} */
  const ends = [];
  lines.forEach((line, at) => {
    const seen = line.filter(({ value }) => Number.isFinite(value));
    const d = seen.map(({ time, value }, each) => `${each ? "L" : "M"}${x(time)} ${y(value)}`).join("");
    svg.append(shape("path", { class: `chart-line line-${at % mostLines}`, d: seen.length === 1 ? d + "h0.1" : d }));
    const last = seen[seen.length - 1];
    if (last) ends.push({ at, x: x(last.time) + 9, y: y(last.value) + 4 });
  });
  ends.sort((a, b) => a.y - b.y || a.at - b.at);
  ends.forEach((each, at) => at && (each.y = Math.max(each.y, ends[at - 1].y + 13)));
  const over = Math.max(0, (ends[ends.length - 1]?.y ?? 0) - (high - edge.bottom + 4));
  for (const each of ends) {
    svg.append(shape("text", { class: `chart-letter line-${each.at % mostLines}`, "text-anchor": "middle", x: each.x, y: each.y - over }, letters[each.at]));
  }
  return svg;
}
