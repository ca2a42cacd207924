// @ts-check
/** From any page: put it on a route of one's own, or begin one with it. */
import { button, first, make } from "./dom.js";
import { ownRoutes } from "./own-routes.js";
import { keepRoute } from "./route-keeping.js";
import { newId, session } from "./session.js";
import { t } from "./strings.js";

/** @typedef {import("./own-routes.js").OwnRoute} OwnRoute */

const press = first(".own-marks .route-add");
const said = first(".own-marks .route-said");

/** @param {OwnRoute} route */
const placeOn = ({ steps }) => steps.findIndex(({ page }) => (session.aliases.pages[page] ?? page) === session.island.page) + 1;

/** @param {OwnRoute} route @param {number} at */
function tell({ title }, at, kept = "") {
  const way = make("a", { href: session.island.plan + "#own-routes", "data-edge": "plan" }, t("own.to-plan"));
  said.replaceChildren(t("own.on", { title, step: at }), kept && ` ${kept}.`, " ", way);
}

/** Onto its end, and never twice. @param {OwnRoute} route */
async function put(route) {
  press.focus();
  const at = placeOn(route);
  if (at) return tell(route, at);
  const { page, pageTitle, url } = session.island;
  const longer = { ...route, steps: [...route.steps, { page, title: pageTitle, url }] };
  const kept = await keepRoute(longer);
  tell(longer, longer.steps.length, kept);
}

const begin = () => put({ id: "own:" + newId(), title: t("own.unnamed"), steps: [] });

function ask() {
  const routes = ownRoutes();
  if (!routes.length) return begin();
  const choices = routes.map((route) => button(route.title, "route-which", () => put(route)));
  const fresh = button(t("own.new"), "route-which", begin);
  said.replaceChildren(
    make("span", { class: "route-ask", role: "group", "aria-label": t("own.which") }, t("own.which"), " ", ...choices, " ", fresh),
  );
  first("button", said).focus();
}

if (press) press.addEventListener("click", () => session.facts && ask());
