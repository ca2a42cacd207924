// @ts-check
/** The route a learner is on: where it goes from here, and how to leave it and come back. */
import { button, first, make } from "./dom.js";
import { moveOn, onState, session } from "./session.js";
import { ownRoutes, pageOf, seenFromHere } from "./own-routes.js";
import { saidOf } from "./pieces.js";
import { sharedRoute } from "./shared-trail.js";
import { t } from "./strings.js";

/** @param {string | null} route */
function change(route) {
  moveOn({ type: "route", route });
  // The button pressed is gone; its counterpart stands in its place.
  first(".route-bar button")?.focus();
}

/** Pages on a route that the course has no more. @type {Set<string>} */
let lost = new Set();

/** A route that no author keeps whole: the learner's own, or one that was handed on. @param {string | null | undefined} id */
const keptRoute = (id) => ownRoutes().find((route) => route.id === id) ?? sharedRoute(id, session.island);

/** Steps that lead nowhere any more are passed over. */
async function lookForSteps() {
  const pages = (keptRoute(session.facts.route)?.steps ?? []).map(pageOf);
  const there = await saidOf("revs", pages);
  const missing = pages.filter((page) => !there.has(page));
  if (missing.every((page) => lost.has(page))) return;
  lost = new Set(missing);
  applyRouteBar();
}

/** @param {string | null | undefined} id */
function routeOf(id) {
  const kept = keptRoute(id);
  return kept ? seenFromHere(kept, lost) : session.island.routes.find((/** @type {any} */ route) => route.id === id);
}

function applyRouteBar() {
  const bar = first(".route-bar");
  if (!bar) return;
  const present = routeOf(session.facts.route);
  // The one last taken on this path, though it was left: a way back stands at each of its steps.
  const taken = session.path
    .map((/** @type {any} */ moment) => moment.by?.route ?? moment.route)
    .filter(Boolean);
  const left = routeOf(taken.pop());
  bar.hidden = !(present || left?.step);
  if (!bar.hidden) bar.replaceChildren(...(present ? partsOf(present) : [rejoin(left)]));
}

/** @param {any} route */
function rejoin({ id, title }) {
  return button(t("route.rejoin", { title }), "route-rejoin", () => change(id));
}

/** @param {any} route */
function partsOf({ title, url, step, of, gone = [], ...ways }) {
  const parts = [make("a", { class: "route-title", href: url }, t("route.title", { title }))];
  if (step) parts.push(make("span", { class: "route-step" }, t("route.step", { step, of })));
  for (const edge of ["previous", "next"]) {
    const way = ways[edge];
    if (edge === "next") parts.push(...gone.map((/** @type {string} */ lost) => make("span", { class: "route-gone" }, t("own.step.gone", { title: lost }))));
    if (way)
      parts.push(
        make(
          "a",
          { class: "route-" + edge, href: way.url, "data-page": way.page, "data-edge": edge },
          t(`route.${edge}`, { title: way.title }),
        ),
      );
  }
  return [...parts, button(t("route.leave"), "route-leave", () => change(null))];
}

onState(applyRouteBar);
// Where that cannot be had, every step is a way.
onState(() => void lookForSteps().catch(console.error));
