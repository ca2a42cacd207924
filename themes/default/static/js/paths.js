// @ts-check
/**
 * Paths not taken: at a choice that was played, which options were taken on which run, what the
 * others would have met, and the way to take one of them beside the first. Nothing is undone.
 */
import { all, button, first, optionLabel, make } from "./dom.js";
import { playedHere } from "./played.js";
import { goTo, nameOfRun, runs, standAt } from "./run-names.js";
import { onState, session } from "./session.js";
import { t } from "./strings.js";

/** @typedef {import("./moments.js").Entry} Entry */

/** @param {any} block */
function momentsAt(block) {
  const key = block.dataset.choices;
  const { tree, island } = session;
  return playedHere(tree, island.page).filter((/** @type {Entry} */ { by, key: own }) => (by?.block ?? own) === key);
}

/** @param {any} option */
const isHidden = (option) => option.hidden;

/** @param {any} block */
function rowsOf(block) {
  const played = momentsAt(block);
  // From where it was played on this path, or else where the learner stands.
  const onPath = played.find(({ id }) => session.path.some((/** @type {Entry} */ moment) => moment.id === id));
  const from = onPath?.parent ?? session.moment.id;
  return all("[data-option]", block)
    .filter((option) => option.closest("[data-choices]") === block)
    .map((option) => {
      const taken = played.filter(({ by, option: own }) => (by?.option ?? own) === option.dataset.option);
      return { option, taken, from };
    })
    .filter(({ option, taken }) => taken.length || !isHidden(option))
    .map(rowOf);
}

/** @param {{option: any, taken: Entry[], from: string}} row */
function rowOf({ option, taken, from }) {
  const label = optionLabel(option);
  const parts = taken.length ? takenOn(taken) : untaken(option, label, from);
  return make("li", taken.length ? { "data-was-taken": "" } : {}, make("span", { class: "untaken-option" }, label), ...parts);
}

/** The runs on which an option was taken, each with the way back to where it led. @param {Entry[]} taken */
function takenOn(taken) {
  const known = runs();
  return taken.map((moment) => {
    const run = known.find(({ moments }) => moments.some(({ id }) => id === moment.id));
    return make("p", {}, t("paths.taken", { run: nameOfRun(run, known) }), " ", backTo(moment));
  });
}

/** @param {Entry} moment */
function backTo(moment) {
  const words = moment.type === "opened" ? t("paths.there", { title: moment.pageTitle ?? "" }) : t("paths.stand");
  return button(words, "untaken-way", () => goTo(moment));
}

/**
 * @param {any} option
 * @param {string} label
 * @param {string} from
 */
function untaken(option, label, from) {
  const because = first(":scope > .option-because", option);
  const met = [metBy(option, label)].filter(Boolean);
  if (option.hasAttribute("data-closed")) return [make("p", {}, because?.textContent ?? "")];
  return [...met, make("p", {}, button(t("paths.take"), "untaken-way", () => take(option, from)))];
}

/** What an option would have met: its consequence as the author wrote it, and the page it leads to. */
function metBy(/** @type {any} */ option, /** @type {string} */ label) {
  const consequence = first(".consequence", option);
  const words = consequence ? all(":scope > :not(.go-on)", consequence).map((part) => part.textContent.trim()) : [];
  const { title } = first("[data-edge=choice]", option)?.dataset ?? {};
  if (title && title !== label) words.push(t("paths.leads", { title }));
  return words.length ? make("div", { class: "untaken-met" }, ...words.map((text) => make("p", {}, text))) : null;
}

/**
 * Stand where the choice was first made, and take another way: that begins another branch.
 * @param {any} option
 * @param {string} from
 */
function take(option, from) {
  if (from !== session.moment.id) standAt(from);
  const [details, link] = [first("details", option), first("[data-edge=choice]", option)];
  if (!details) return link.href ? link.click() : link.focus();
  if (!details.open) first("summary", details).click();
  option.scrollIntoView({ block: "nearest" });
  (first("textarea, .go-on a", details) ?? first("summary", details)).focus();
}

/** @param {any} details */
function fill(details) {
  if (!details.open) return;
  const list = make("ul", { role: "list" }, ...rowsOf(details.parentElement));
  const had = details.contains(document.activeElement) && document.activeElement !== first("summary", details);
  details.replaceChildren(first("summary", details), make("p", {}, t("paths.intro")), list);
  if (had) first("summary", details).focus();
}

for (const details of all(".untaken")) details.addEventListener("toggle", () => fill(details));
onState(() => all(".untaken").forEach(fill));
