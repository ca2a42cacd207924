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

/**
 * As the page knows an author's route: whether the page is a step of it, and the steps beside.
 * @param {OwnRoute} route
 */
export function seenFromHere({ id, title, steps }) {
  const { root, page, plan } = session.island;
  const at = page ? steps.findIndex((step) => (session.aliases?.pages[step.page] ?? step.page) === page) : -1;
  const link = (/** @type {Step | undefined} */ step) => at >= 0 && step && { ...step, url: root + step.url };
  return {
    id,
    title,
    url: plan + "#own-routes",
    step: at + 1,
    of: steps.length,
    previous: link(steps[at - 1]),
    next: link(steps[at + 1]),
  };
}
