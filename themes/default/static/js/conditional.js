// @ts-check
/** What depends on the state: `when` blocks, `:state`, `:answer`, meters, the driving question. */
import { all, first, json, keepWords, make, show } from "./dom.js";
import { holds } from "./conditions.js";
import { alone, onState, session, unknown } from "./session.js";
import { t } from "./strings.js";

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
function inFigures(value) {
  return String(value).replace("-", "\u2212");
}

/**
 * A learner's answer in words: an option by its label, as it read when it was chosen.
 * @param {string} key
 * @returns {string | null}
 */
function answerInWords(key) {
  const { value = "", label } =
    session.tree.versions.get(session.aliases.checkpoints[key] ?? key)?.at(-1) ?? {};
  return label || String(value).trim() || null;
}

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
    const words = answerInWords(question.dataset.drivingQuestion);
    question.hidden = !words;
    question.textContent = words;
  }
  const meters = first(".meters");
  if (meters) applyMeters(meters);
});

/** @param {any} meters */
function applyMeters(meters) {
  const shown = Object.entries(session.island.state).filter(
    ([name, declared]) => /meter|words/.test(declared.show) && concerns(name, declared),
  );
  meters.hidden = !shown.length || alone();
  meters.replaceChildren(...shown.map(([name, declared]) => meterOf(name, declared)));
}

/**
 * A meter stands where the page asks about it or moves it, and wherever it has moved.
 * @param {string} name
 * @param {any} declared
 */
function concerns(name, { start }) {
  if (session.facts.variables[name] !== start) return true;
  const asking = all("[data-effects], [data-when], [data-state], [data-requires]");
  return asking.some(({ dataset }) =>
    dataset.state === name ||
    [dataset.effects, dataset.when, dataset.requires].some((json) => json?.includes(`"${name}"`)),
  );
}

/**
 * The bar repeats the words beside it, so it is silent.
 * @param {string} name
 * @param {any} declared
 */
function meterOf(name, { type, from, to, label, show: how, options }) {
  const value = session.facts.variables[name];
  const bar = how === "meter" && type === "number";
  const words = bar
    ? t("meter", { value: inFigures(value), from: inFigures(from), to: inFigures(to) })
    : type === "flag"
      ? t(value ? "yes" : "no")
      : options?.[value] ?? inFigures(value);
  const drawn = bar ? [make("meter", { min: from, max: to, value, "aria-hidden": "true" }), " "] : [];
  return make(
    "p",
    { class: "meter" },
    make("span", { class: "meter-label" }, label),
    " ",
    ...drawn,
    make("span", { class: "meter-value" }, words),
  );
}
