// @ts-check
/** Choices: which are open, and what taking one that stays on the page does. */
import { all, first, json, keepWords, optionLabel, set, show } from "./dom.js";
import { holds } from "./conditions.js";
import { takenHere } from "./moments.js";
import { playedHere } from "./played.js";
import { guarded, moveOn, onState, session, unknown } from "./session.js";

/** @param {any} option */
const namesOf = (option) => ({
  key: option.closest("[data-choices]").dataset.choices,
  option: option.dataset.option,
});

/** @param {any} option as `takenHere` names it */
const nameOf = (option) => Object.values(namesOf(option)).join("|");

/**
 * Taken once, an option is only read again: its effects cannot be had twice.
 * @param {any} option
 */
function takeOption(option) {
  if (!session.facts || takenHere(session.path).has(nameOf(option))) return;
  const effects = json(option.dataset.effects) ?? [];
  moveOn({ type: "chose", ...namesOf(option), label: optionLabel(option), effects });
}

/**
 * A closed option keeps its place and its label, and gives its reason instead of its way.
 * @param {any} option
 * @param {boolean} closed
 */
function close(option, closed) {
  option.toggleAttribute("data-closed", closed);
  const disabled = closed ? "true" : null;
  for (const summary of all("summary", option)) set(summary, "aria-disabled", disabled);
  for (const link of all("[data-edge=choice]", option)) {
    link.dataset.href ??= link.getAttribute("href");
    set(link, "href", closed ? null : link.dataset.href);
    set(link, "role", closed ? "link" : null);
    set(link, "aria-disabled", disabled);
  }
}

/**
 * @param {any} option
 * @param {Set<string>} taken
 */
function applyOption(option, taken) {
  const tree = json(option.dataset.when);
  const open = unknown(tree);
  const holding = !("when" in option.dataset) || open || holds(tree, session.facts);
  const explained = "because" in option.dataset;
  if (explained) close(option, !holding);
  else show(option, holding);
  show(first(".option-because", option), explained && (open || !holding));
  if (open && !explained) keepWords(option, ".option-condition");

  // Only a change of state opens and closes; what a learner folds away stays so.
  const isTaken = taken.has(nameOf(option));
  const stay = first(".option-stay", option);
  if (stay && isTaken !== option.hasAttribute("data-taken")) stay.open = isTaken;
  option.toggleAttribute("data-taken", isTaken);
}

onState(function applyChoices() {
  const taken = takenHere(session.path);
  for (const { by } of session.tree.children.get(session.moment?.id) ?? [])
    if (by) taken.add(by.block + "|" + by.option);
  for (const option of all("[data-choices] [data-option]")) applyOption(option, taken);
  // Played on any run: what the other options would have met may be looked at.
  const played = new Set(playedHere(session.tree, session.island.page).map(({ by, key }) => by?.block ?? key));
  for (const paths of all(".untaken")) show(paths, played.has(paths.parentElement.dataset.choices));
});

guarded(function startChoices() {
  for (const summary of all("[data-option] > details > summary")) {
    const option = summary.closest("[data-option]");
    const details = summary.parentElement;
    // A click, not `toggle`: found by a search in the page, a consequence is read and not taken.
    summary.addEventListener("click", (/** @type {Event} */ event) => {
      if (option.hasAttribute("data-closed")) event.preventDefault();
      // After the browser has opened it, which it does when this event is over.
      else if (!details.open && details.matches(".option-stay")) setTimeout(takeOption, 0, option);
    });
  }
  // An option of one's own is taken by writing it, unless a link beside the box leads on.
  document.addEventListener("learnpath-answered", ({ target }) => {
    const option = /** @type {Element} */ (target).closest("[data-option]");
    if (option && !first("[data-edge=choice]", option)) takeOption(option);
  });
});
