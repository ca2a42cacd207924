// @ts-check
/** Keeping a route of one's own, from the plan, from any page, or from the map. */
import { record, refresh, session } from "./session.js";
import { t } from "./strings.js";

/** @typedef {import("./own-routes.js").OwnRoute} OwnRoute */

/** @param {OwnRoute} route */
const inWords = ({ title, steps }) => [title, ...steps.map((step, at) => `${at + 1}. ${step.title}`)].join("\n");

/** An address of this page's, as it counts from the site's root. @param {string} href */
export function fromRoot(href) {
  const base = new URL(session.island.root || "./", location.href).href;
  return new URL(href, location.href).href.split(/[?#]/)[0].slice(base.length);
}

/**
 * A line for the route as it is now; what it was before stays in the log.
 * @param {OwnRoute} route
 * @returns {Promise<string>} words that say whether it lasts
 */
export function keepRoute(route) {
  const { id, title, steps } = route;
  const { plan, url } = session.island;
  const value = JSON.stringify({ title, steps });
  const line = { type: "plan", key: id, value, label: inWords(route), prompt: t("own.route"), pageTitle: t("own.plan") };
  const { saved } = record({ ...line, url: plan ? fromRoot(plan) : url, page: "", moment: session.moment?.id ?? "" });
  refresh();
  const kept = () =>
    session.store.kind === "memory" ? t("own.not-kept") : t(session.shared ? "own.kept.shared" : "own.kept");
  return saved.then(kept, () => t("own.not-kept"));
}
