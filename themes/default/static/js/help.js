// @ts-check
/** How hints and worked examples come: as the page's author set it, or as the learner wants them everywhere. */
import { all, first, set } from "./dom.js";
import { byOrder } from "./moments.js";
import { onState, record, refresh, session } from "./session.js";

/** @typedef {import("./moments.js").Entry} Entry */

const bar = first("[data-help]");
let level = "";

/** What the learner wished last, or `course`. */
function wished() {
  const all_ = /** @type {Entry[]} */ ([...session.store.entries.values()]);
  const wishes = all_.filter(({ type }) => type === "help").sort(byOrder);
  return String(wishes.at(-1)?.value ?? "course");
}

function applyHelp() {
  const wish = wished();
  for (const press of all("button", bar)) set(press, "aria-pressed", String(press.dataset.level === wish));
  const now = wish === "course" ? bar.dataset.help : wish;
  if (now === level) return; // what was opened by hand stays so
  level = now;
  const page = bar.closest("article");
  page.dataset.helpLevel = level;
  for (const help of all(".hint, .example", page)) help.open = level === "full";
}

for (const press of all("button", bar ?? document.createElement("p"))) {
  press.addEventListener("click", () => {
    record({ type: "help", value: press.dataset.level }).saved.catch(console.error);
    refresh();
  });
}
if (bar) onState(applyHelp);
