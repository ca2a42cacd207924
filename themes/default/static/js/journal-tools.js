// @ts-check
/** What is done with a whole journal: keep it as a file, take one in, print it, erase it. */
import { all, button, first, make } from "./dom.js";
import { erase } from "./erase.js";
import { downloadJournal } from "./export.js";
import { added, answers, headOf, journal, wordsAndDate, written } from "./journal.js";
import { downloadMarkdown } from "./markdown.js";
import { refresh, session } from "./session.js";
import { t } from "./strings.js";
import { foundIn, most, Refused } from "./take-in.js";
import { expectLookUp } from "./there.js";

/** @typedef {import("./moments.js").Entry} Entry */

/**
 * A question in the page, with ways to answer it, of which one is to leave all as it is.
 * @param {any} place
 * @param {string} question
 * @param {...Node} ways
 */
function askHere(place, question, ...ways) {
  for (const open of all(".journal-ask", journal)) open.remove();
  const spaced = ways.flatMap((way) => [way, " "]);
  const from = /** @type {any} */ (document.activeElement);
  const close = () => {
    ask.remove();
    (place.contains(from) ? from : first("button", place)).focus();
  };
  const leave = button(t("journal.erase.no"), "journal-erase-no", close);
  const ask = make(
    "div",
    { class: "journal-ask", role: "group", "aria-label": question, tabindex: "-1" },
    make("p", {}, question),
    ...spaced,
    leave,
  );
  ask.addEventListener("keydown", (/** @type {KeyboardEvent} */ { key }) => key === "Escape" && close());
  place.append(ask);
  ask.focus();
  return ask;
}

/**
 * Asked in the page, where the offer of a copy can stand beside it.
 * @param {any} place
 * @param {string} question
 * @param {string[]} [keys] only these answers; without, everything
 */
function offerErase(place, question, keys) {
  askHere(
    place,
    question,
    button(t("journal.export"), "journal-export", downloadJournal),
    button(t("journal.erase.yes"), "journal-erase-yes", () => eraseAndSay(keys)),
  );
}

/** @param {string[]} [keys] */
async function eraseAndSay(keys) {
  const whole = await erase(keys);
  say(t(whole ? "journal.erased" : "journal.erase.failed"));
}

/** What a later release of the course has written is not this page's to erase. */
const mayErase = () => session.store.reason !== "newer";

/** A button that asks for a file. */
function takeInTool() {
  const file = make("input", { type: "file", accept: ".json,application/json", hidden: "" });
  file.addEventListener("change", async () => {
    const [chosen] = file.files;
    file.value = "";
    if (chosen) offerTakeIn(await textOf(chosen));
  });
  return make("span", {}, button(t("journal.take-in"), "journal-take-in", () => file.click()), file);
}

/** @param {File} file @returns {Promise<string>} too much of it only, where it is too large */
const textOf = (file) => (file.size > most.bytes ? Promise.resolve(" ".repeat(most.bytes + 1)) : file.text());

/** So many entries of a file are shown before it is taken in. */
const previewed = 5;

/** Say what a file would add, and add it when the learner says so. @param {string} text */
function offerTakeIn(text) {
  const { store, island } = session;
  /** @type {import("./take-in.js").Found} */
  let found;
  try {
    found = foundIn(text, island.course, store.entries);
  } catch (error) {
    if (!(error instanceof Refused)) console.error("learnpath:", error);
    return say(t(`journal.refused.${error instanceof Refused ? error.message : "damaged"}`));
  }
  const fresh = found.log.filter((entry) => "value" in entry && written(entry));
  if (!found.log.length) return say(t("journal.take-in.nothing"));
  const shown = fresh.slice(0, previewed).map((entry) => make("li", {}, ...headOf(entry, true), ...wordsAndDate(entry)));
  const more = fresh.length - shown.length;
  const ask = askHere(
    first(".journal-tools", journal),
    t("journal.take-in.ask", { n: fresh.length }),
    make("ol", { class: "journal-new", tabindex: "0", "aria-label": t("journal.take-in.shown") }, ...shown),
    ...(more ? [make("p", {}, t("journal.take-in.more", { n: more }))] : []),
    button(t("journal.take-in.yes"), "journal-take-in-yes", async () => {
      await store.write({ log: found.log }).catch(console.error);
      ask.remove();
      refresh();
      say(t("journal.take-in.done", { n: fresh.length }));
    }),
  );
}

/** @param {string} words */
function say(words) {
  const status = first(".journal-status", journal);
  status.textContent = words;
  status.focus();
}

added.tools = () => [
  button(t("journal.export"), "journal-export", downloadJournal),
  button(t("journal.markdown"), "journal-markdown", () => downloadMarkdown(answers())),
  button(t("journal.print"), "journal-print", () => print()),
  ...(mayErase() && session.store.kind !== "memory" ? [takeInTool()] : []),
  ...(mayErase() ? [button(t("journal.erase"), "journal-erase", () => offerErase(first(".journal-tools", journal), t("journal.erase.ask")))] : []),
  make("p", { class: "journal-status", role: "status", tabindex: "-1" }),
];

added.toEntry = (item, versions) => {
  if (!mayErase()) return;
  const { type, prompt = "" } = versions[versions.length - 1];
  const answer = type === "answer";
  const question = answer ? t("journal.erase.one.ask", { prompt }) : t("journal.erase.own.ask");
  const keys = versions.map(({ key = "" }) => key);
  item.append(button(t(answer ? "journal.erase.one" : "journal.erase.own"), "journal-erase-one", () => offerErase(item, question, keys)));
};

if (journal) expectLookUp();
