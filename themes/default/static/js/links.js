// @ts-check
/** Following a link: the next page is told from which moment, and by which step, it was reached. */
import { json, optionLabel } from "./dom.js";
import { handOn, session } from "./session.js";
import { takenHere } from "./moments.js";

document.addEventListener("click", (event) => {
  const { target, button, ctrlKey, metaKey, shiftKey, altKey, defaultPrevented } = event;
  const link = /** @type {Element} */ (target).closest("a[data-page], a[data-edge]");
  const href = link?.getAttribute("href");
  // Another tab, or this very page, is no step of this tab's.
  const elsewhere = button || ctrlKey || metaKey || shiftKey || altKey || defaultPrevented;
  if (session.facts && href && !href.startsWith("#") && !elsewhere) handOn(link, stepBy(link));
});

/** @param {any} link */
function stepBy(link) {
  const option = link.closest("[data-option]");
  const { edge, route } = link.dataset;
  /** @type {import("./moments.js").By} */
  const by = { edge: edge ?? "link" };
  if (edge === "detour" && link.id) by.anchor = link.id;
  if (route) by.route = route;
  if (option) {
    const block = option.closest("[data-choices]")?.dataset.choices ?? "";
    Object.assign(by, { block, option: option.dataset.option, label: optionLabel(option) });
    // An option with a consequence was taken when that was opened; it has its effects already.
    const taken = takenHere(session.path).has(block + "|" + option.dataset.option);
    by.effects = taken ? [] : (json(option.dataset.effects) ?? []);
  }
  return by;
}
