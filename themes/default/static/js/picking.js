// @ts-check
/**
 * A route of one's own, picked on the map: while it is, a press on a page in the list or in the
 * drawing puts it on the route or takes it off.
 */
import { all, button, first, make, set } from "./dom.js";
import { ownRoutes } from "./own-routes.js";
import { fromRoot, keepRoute } from "./route-keeping.js";
import { newId, onState, session } from "./session.js";
import { t } from "./strings.js";

/** @typedef {import("./own-routes.js").OwnRoute} OwnRoute */

const press = first(".pick-route");
const panel = first(".picking");
/** The route that is picked; none while nobody picks. */
let picked = "";

/** @returns {OwnRoute} the route as the log has it, or a new one */
const route = () => ownRoutes().find(({ id }) => id === picked) ?? { id: picked, title: t("own.unnamed"), steps: [] };

/** @param {OwnRoute} changed */
const keep = (changed) => void keepRoute(changed).then((words) => (first(".picking-said", panel).textContent = words));

/** @param {string} page @param {string} title @param {string} href */
function toggle(page, title, href) {
  const now = route();
  const others = now.steps.filter((step) => step.page !== page);
  const steps = others.length < now.steps.length ? others : [...now.steps, { page, title, url: fromRoot(href) }];
  keep({ ...now, steps });
}

/** @param {string} page */
const stepOf = (page) => route().steps.findIndex((step) => step.page === page) + 1;

/** In the list: a button beside each page. */
function showButtons() {
  for (const entry of all(".map-entry[data-page-card]")) {
    const link = first(".map-page", entry);
    const { pageCard } = entry.dataset;
    const title = link.textContent;
    const toggled = first(".pick", entry) ?? button("", "pick", () => toggle(pageCard, title, link.href));
    const step = stepOf(pageCard);
    toggled.setAttribute("aria-pressed", String(step > 0));
    toggled.setAttribute("aria-label", t("pick.page", { title }));
    toggled.textContent = step ? String(step) : "+";
    if (!toggled.isConnected) link.before(toggled);
  }
}

/** In the drawing: the page itself is the button, with its step at its corner. */
function showSteps() {
  for (const node of all(".map-drawing a[data-page]")) {
    first(".node-step", node)?.remove();
    const step = picked ? stepOf(node.dataset.page) : 0;
    set(node, "role", picked ? "button" : null);
    set(node, "aria-pressed", picked ? String(step > 0) : null);
    if (!step) continue;
    const { x, y } = first(".node", node).getBBox();
    const number = document.createElementNS("http://www.w3.org/2000/svg", "g");
    number.setAttribute("class", "node-step");
    for (const [tag, more] of /** @type {[string, Record<string, any>][]} */ ([["circle", { cx: x + 4, cy: y + 4, r: 13 }], ["text", { x: x + 4, y: y + 9, "text-anchor": "middle" }]])) {
      const part = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [name, value] of Object.entries(more)) set(part, name, value);
      if (tag === "text") part.textContent = String(step);
      number.append(part);
    }
    node.append(number);
  }
}

function showPanel() {
  if (first(".picking-name", panel)) return showWay();
  const name = make("input", { type: "text", class: "picking-name", id: "picking-name", value: route().title, autocomplete: "off" });
  name.addEventListener("change", () => keep({ ...route(), title: name.value.trim() || t("own.unnamed") }));
  const others = ownRoutes();
  const which = make(
    "select",
    { class: "picking-which", "aria-label": t("own.which") },
    ...others.map(({ id, title }) => make("option", { value: id }, title)),
    make("option", { value: "" }, t("own.new")),
  );
  which.value = others.some(({ id }) => id === picked) ? picked : "";
  which.addEventListener("change", () => start(which.value || "own:" + newId()));
  // From a part of a large course one goes on in another.
  const whole = first(".map-page-view > .page-header .kicker a")?.getAttribute("href");
  const parts = whole ? [" ", make("a", { href: whole + "#pick" }, t("pick.parts"))] : [];
  panel.replaceChildren(
    make("p", {}, t("pick.how")),
    make("p", { class: "picking-ways" }, ...(others.length ? [which, " "] : []), make("label", { for: "picking-name" }, t("own.name")), " ", name),
    make("p", { class: "picking-way" }),
    make("p", { class: "picking-ways" }, button(t("own.done"), "picking-done", end), " ", make("a", { href: session.island.plan + "#own-routes", "data-edge": "plan" }, t("own.to-plan")), ...parts),
    make("p", { class: "picking-said", role: "status" }),
  );
  showWay();
}

/** The route as it stands, in a line. */
function showWay() {
  const steps = route().steps.map(({ title }, at) => `${at + 1}. ${title}`);
  first(".picking-way", panel).textContent = steps.join("  →  ") || t("pick.none");
}

/** @param {string} id */
function start(id) {
  picked = id;
  panel.replaceChildren();
  show();
}

function end() {
  picked = "";
  for (const pressed of all(".pick")) pressed.remove();
  show();
  press.focus();
}

function show() {
  panel.hidden = !picked;
  press.parentElement.hidden = Boolean(picked);
  document.documentElement.toggleAttribute("data-picking", Boolean(picked));
  if (picked) showPanel(), showButtons();
  showSteps();
}

if (press) {
  press.addEventListener("click", () => {
    if (!session.facts) return;
    // The one that was made last is gone on with; another can be chosen.
    start(ownRoutes().at(-1)?.id ?? "own:" + newId());
    first(".picking-name", panel).focus();
  });
  for (const svg of all(".map-drawing svg")) {
    svg.addEventListener("click", (/** @type {MouseEvent} */ event) => {
      const node = /** @type {any} */ (event.target).closest("a[data-page]");
      if (!picked || !node || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      toggle(node.dataset.page, first("title", node).textContent, node.getAttribute("href"));
    });
    svg.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      const node = /** @type {any} */ (event.target).closest("a[data-page]");
      if (!picked || !node || event.key !== " ") return;
      event.preventDefault();
      toggle(node.dataset.page, first("title", node).textContent, node.getAttribute("href"));
    });
  }
  onState(() => picked && show());
}
