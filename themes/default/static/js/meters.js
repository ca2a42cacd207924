// @ts-check
/** Meters of what choices move: loaded on pages that ask for it or move it, and once it has moved. */
import { all, first, make } from "./dom.js";
import { inFigures } from "./conditional.js";
import { alone, onState, session } from "./session.js";
import { t } from "./strings.js";

onState(function applyMeters() {
  const meters = first(".meters");
  if (!meters) return;
  const shown = Object.entries(session.island.state).filter(
    ([name, declared]) => /meter|words/.test(declared.show) && concerns(name, declared),
  );
  meters.hidden = !shown.length || alone();
  meters.replaceChildren(...shown.map(([name, declared]) => meterOf(name, declared)));
});

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
