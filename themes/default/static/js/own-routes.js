// @ts-check
/** Routes that a learner made: lines of the log, read as they are, for the log may be another's. */
import { json } from "./dom.js";
import { session } from "./session.js";

/** @typedef {{page: string, title: string, url: string}} Step `url` counts from the site's root */
/** @typedef {{id: string, title: string, steps: Step[]}} OwnRoute */

/** @param {any} step */
const isStep = (step) =>
  typeof step?.page === "string" &&
  typeof step.title === "string" &&
  // A way inside the site: no scheme, no host, no way out of its folder.
  /^(?!\/)(?!.*\.\.)[^:\\?#]+\.html$/.test(step.url);

/**
 * @param {import("./moments.js").Entry[]} versions
 * @returns {OwnRoute[]} none where they are of something else
 */
function routeIn(versions) {
  const { type, key = "", value } = versions[versions.length - 1];
  const found = type === "plan" && json(String(value));
  if (!found || !Array.isArray(found.steps)) return [];
  return [{ id: key, title: String(found.title ?? ""), steps: found.steps.filter(isStep) }];
}

/** @returns {OwnRoute[]} in the order in which they were begun */
export function ownRoutes() {
  return [...session.tree.own.values()].flatMap(routeIn);
}

/** Under its present id. @param {Step} step */
export const pageOf = ({ page }) => session.aliases?.pages[page] ?? page;

/**
 * As the page knows an author's route: whether the page is a step of it, and the steps beside. What the
 * course has no more is passed over, and named on the way.
 * @param {OwnRoute & {url?: string}} route
 * @param {Set<string>} [lost] pages that the course has no more
 */
export function seenFromHere({ id, title, url, steps }, lost = new Set()) {
  const { root, page, plan } = session.island;
  const there = steps.filter((step) => !lost.has(pageOf(step)));
  const at = page ? there.findIndex((step) => pageOf(step) === page) : -1;
  const link = (/** @type {Step | undefined} */ step) => at >= 0 && step && { ...step, url: root + step.url };
  const [here, next] = [there[at], there[at + 1]].map((step) => steps.indexOf(step));
  return {
    id,
    title,
    url: url ?? plan + "#own-routes",
    step: at + 1,
    of: there.length,
    previous: link(there[at - 1]),
    gone: at < 0 ? [] : steps.slice(here + 1, next < 0 ? undefined : next).map((step) => step.title),
    next: link(there[at + 1]),
  };
}
