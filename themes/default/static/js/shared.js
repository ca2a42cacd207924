// @ts-check
/** A computer that several people use: from here on nothing outlives the window, until that is ended. */
import { all, first } from "./dom.js";
import { removeFrom } from "./removing.js";
import { session } from "./session.js";
import { Store } from "./store.js";
import { t } from "./strings.js";

/** @typedef {import("./moments.js").Entry} Entry */

const isStep = (/** @type {Entry} */ { type }) => /^(opened|read|chose|route|run|back|passed|help)$/.test(type);

/**
 * The steps that brought the learner here in this window go along into it, and leave the browser. Where
 * words hang on them, or steps of another window, all of it stays: what is kept is never taken unasked.
 */
async function takeAlong() {
  const { store, name } = session;
  const device = name + ":device";
  const mine = new Set((sessionStorage[name + ":mine"] ?? "").split(" "));
  /** @type {Entry[]} */
  const log = store.log;
  const steps = log.filter(({ id }) => mine.has(id));
  const others = log.filter(({ id }) => !mine.has(id));
  if (!steps.every(isStep) || others.some(({ parent, moment }) => mine.has(parent ?? "") || mine.has(moment))) return;
  const own = await new Store().open(name, /** @type {any} */ ({ localStorage: sessionStorage }));
  await own.write({ log: steps });
  if (own.kind !== "local") return;
  for (const shelf of store.shelves) await removeFrom(shelf, [...mine]).catch(console.error);
  const id = localStorage[device];
  if (!id || others.some((entry) => entry.device === id)) return;
  sessionStorage[device] = id;
  localStorage.removeItem(device);
}

async function begin() {
  try {
    sessionStorage[session.name + ":shared"] = Date.now();
  } catch {
    // A browser that keeps nothing for this page at all forgets by itself.
    first(".shared-said").textContent = t("shared.nothing");
    return;
  }
  await takeAlong().catch(console.error);
  location.reload();
}

/** Everything of this window's store, so that not even a tab that is re-opened has it. */
function end() {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith("learnpath")) sessionStorage.removeItem(key);
  history.replaceState(null, "");
  location.reload();
}

for (const control of all("[data-later=shared]")) control.removeAttribute("data-later");
first("button.shared-on")?.addEventListener("click", begin);
first("button.shared-off")?.addEventListener("click", end);
