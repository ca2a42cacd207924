// @ts-check
/** Runs as the learner knows them: their names, and going back to one of their moments. */
import { make } from "./dom.js";
import { openingOf, pathTo } from "./moments.js";
import { runNames, runsOf } from "./runs.js";
import { handOn, record, refresh, session } from "./session.js";
import { reach } from "./store.js";
import { within } from "./within.js";
import { t } from "./strings.js";

/** @typedef {import("./moments.js").Entry} Entry */
/** @typedef {import("./runs.js").Run} Run */

/** All runs, in the order in which they were begun. @returns {Run[]} */
export const runs = () => [...runsOf(session.tree, runNames(session.store.log)).values()];

/**
 * The learner's name for a run, or which one it is.
 * @param {Run | undefined} run
 * @param {Run[]} all
 */
export function nameOfRun(run, all) {
  if (!run) return "";
  return run.name || t("run.nameless", { which: all.indexOf(run) + 1 });
}

/**
 * Stand at an earlier moment again. From there on, "where I am" means there, in this tab and for
 * what is opened next.
 * @param {Entry} moment
 */
export async function goTo(moment) {
  const { island, tree } = session;
  const opening = openingOf(pathTo(tree, moment.id));
  await record({ type: "back", moment: moment.id }).saved.catch(console.error);
  if (opening?.page && opening.page === island.page) return standAt(moment.id);
  if (opening) leave(island.root + within(opening.url), opening.page, moment.id);
}

/**
 * Stand at an earlier moment of this page again; Back returns from it.
 * @param {string} moment
 */
export function standAt(moment) {
  reach(() => history.pushState({ ...history.state, learnpath: { moment } }, ""));
  refresh(moment);
}

/**
 * Leave for a page, to stand there at the given moment; or, without one, at a new one after this.
 * @param {string} href
 * @param {string} [page]
 * @param {string} [to]
 */
export function leave(href, page, to) {
  const link = make("a", { href, "data-page": page });
  handOn(link, to ? null : { edge: "link" }, to);
  location.assign(href);
}
