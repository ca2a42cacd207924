// @ts-check
/** What depends on the state: `when` blocks, `:state`, `:answer`, the driving question. */
import { all, json, keepWords, show } from "./dom.js";
import { holds } from "./conditions.js";
import { byOrder } from "./moments.js";
import { alone, onState, session, unknown } from "./session.js";

/** @type {WeakMap<Element, string>} the author's words, for where there is nothing yet */
const fallbacks = new WeakMap();

/**
 * @param {any} element
 * @param {string | null} text
 */
function fill(element, text) {
  if (!fallbacks.has(element)) fallbacks.set(element, element.textContent);
  const words = text ?? fallbacks.get(element);
  if (element.textContent !== words) element.textContent = words;
  element.toggleAttribute("data-filled", text !== null);
}

/**
 * A variable in words; null where it has none to give.
 * @param {string} name
 * @returns {string | null}
 */
function valueInWords(name) {
  const { type, label, options } = session.island.state[name] ?? {};
  const value = session.facts.variables[name];
  if (!type || alone()) return null;
  if (type === "flag") return value && label !== name ? label : null;
  return options ? options[value] : inFigures(value);
}

/**
 * A number with a true minus sign, not a hyphen.
 * @param {any} value
 */
export function inFigures(value) {
  return String(value).replace("-", "\u2212");
}

/**
 * A learner's answer in words: an option by its label, as it read when it was chosen.
 * @param {string} key
 * @returns {string | null}
 */
const answerInWords = (key) => inWords(session.tree.versions.get(present(key))?.at(-1));

/** @param {any} key a checkpoint's id, or a former one */
const present = (key) => session.aliases.checkpoints[key] ?? key;

/** @param {any} answer @returns {string | null} */
export const inWords = (answer) => answer?.label || String(answer?.value ?? "").trim() || null;

onState(function applyConditional() {
  for (const block of all(".when[data-when]")) {
    const tree = json(block.dataset.when);
    const open = unknown(tree);
    if (open) keepWords(block, ":scope > .nojs");
    show(block, open || holds(tree, session.facts));
  }
  for (const span of all("[data-state]")) fill(span, valueInWords(span.dataset.state));
  for (const span of all("[data-answer]")) fill(span, answerInWords(span.dataset.answer));
  for (const question of all("[data-driving-question]")) {
    const key = question.dataset.drivingQuestion;
    // As it was put last, where it was asked first or came back to.
    const put = [...session.tree.versions.values()].map((all) => all.at(-1)).filter((each) => present(each.of ?? each.key) === key);
    const words = put.sort(byOrder).map(inWords).findLast(Boolean);
    question.hidden = !words;
    question.textContent = words;
  }
});
