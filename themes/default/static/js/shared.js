// @ts-check
/** A computer that several people use: from here on nothing outlives the window, until that is ended. */
import { all, first } from "./dom.js";
import { removeFrom } from "./removing.js";
import { session } from "./session.js";
import { Store } from "./store.js";
import { t } from "./strings.js";

/** @typedef {import("./moments.js").Entry} Entry */

const flag = () => `learnpath:${session.island.course}:shared`;
const device = () => `learnpath:${session.island.course}:device`;

const isStep = (/** @type {Entry} */ { type }) => /^(opened|read|chose|route|run|back|passed|help)$/.test(type);

/**
 * The steps that brought the learner here go along into the window, and leave the browser. Where words
 * were written on the way, all of it stays: words that are kept are never taken away unasked.
 */
async function takeAlong() {
  const { store, since, name } = session;
  /** @type {Entry[]} */
  const log = store.log;
  const steps = log.filter(({ at }) => since && at >= since);
  if (!steps.every(isStep)) return;
  const own = await new Store().open(name, /** @type {any} */ ({ localStorage: sessionStorage }));
  await own.write({ log: steps });
  for (const shelf of store.shelves) await removeFrom(shelf, { remove: steps.map(({ id }) => id) });
  const id = localStorage[device()];
  if (!id || log.some((entry) => entry.device === id && !steps.includes(entry))) return;
  sessionStorage[device()] = id;
  localStorage.removeItem(device());
}

async function begin() {
  try {
    sessionStorage.setItem(flag(), "on");
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
