// @ts-check
/** The plan's page: since when each part stands as it is, and the routes of one's own. */
import { Arrangement } from "./arrange.js";
import { all, button, first, make } from "./dom.js";
import { erase } from "./erase.js";
import { ownRoutes } from "./own-routes.js";
import { fromRoot, keepRoute } from "./route-keeping.js";
import { allSaid } from "./pieces.js";
import { seenPages } from "./seen.js";
import { newId, onState, refresh, session } from "./session.js";
import { t } from "./strings.js";
import { lookUp, pageThere } from "./there.js";
import { dateAndTime } from "./time.js";

/** @typedef {import("./own-routes.js").OwnRoute} OwnRoute */
/** @typedef {import("./own-routes.js").Step} Step */

const place = first(".own-routes-list");
/** Which route is being changed, if one is. */
let changed = "";

/** @param {OwnRoute} route */
const keep = (route) => void keepRoute(route).then(say);

/** @param {string} words */
const say = (words) => (first(".own-said").textContent = words);

/** @param {Step} step */
const linkTo = ({ page, title, url }, route = "") =>
  make("a", { href: session.island.root + url, "data-page": page, "data-edge": route ? "route" : "link", "data-route": route || null }, title);

/** @param {Step} step */
const stillThere = ({ page }) => pageThere(page) !== null;

/** @param {Step} step */
const shown = (step) => (stillThere(step) ? linkTo(step) : t("own.step.gone", { title: step.title }));

/** @param {OwnRoute} route */
function reading(route) {
  const { id, title, steps } = route;
  const start = steps.find(stillThere);
  const begin = start ? [make("p", { class: "card-start" }, t("own.begin"), " ", linkTo(start, id))] : [];
  return make(
    "section",
    { class: "own-route", "data-own-route": id },
    make("h3", {}, title),
    make("ol", {}, ...steps.map((step) => make("li", {}, shown(step)))),
    ...begin,
    button(t("own.change"), "own-change", () => turnTo(id)),
  );
}

/** Change a route, or end changing. @param {string} id */
function turnTo(id) {
  const before = changed;
  changed = id;
  apply();
  first(id ? ".own-name" : `[data-own-route="${before}"] .own-change, .own-new`, place)?.focus();
}

/** @param {OwnRoute} route */
function changing(route) {
  const { id } = route;
  const name = make("input", { type: "text", class: "own-name", id: "own-name", value: route.title, autocomplete: "off" });
  name.addEventListener("change", () => keep({ ...latest(id, route), title: name.value.trim() || t("own.unnamed") }));
  const list = make("ol", { class: "order", "data-arrange": "" }, ...route.steps.map((step, at) => stepItem(route, step, at)));
  const form = make(
    "section",
    { class: "own-route own-changing", "data-own-route": id },
    make("p", {}, make("label", { for: "own-name" }, t("own.name")), " ", name),
    list,
    adder(route),
    make(
      "p",
      { class: "own-ends" },
      button(t("own.done"), "own-done", () => turnTo("")),
      " ",
      button(t("own.remove"), "own-remove", () => remove(id)),
    ),
  );
  if (route.steps.length) new Arrangement(list);
  list.addEventListener("input", () => {
    const order = all("[data-item]", list).map(({ dataset }) => route.steps[dataset.item]);
    // When the arrangement has given the focus back to the button that was pressed.
    setTimeout(() => afterwards(() => keep({ ...latest(id, route), steps: order }), list));
  });
  return form;
}

/** The place of the focus, found again when the list was drawn anew. @param {() => void} work @param {any} list */
function afterwards(work, list) {
  const at = all("button", list).indexOf(document.activeElement);
  const item = document.activeElement?.closest("[data-item]");
  const items = all("[data-item]", list);
  const index = item ? items.indexOf(item) : -1;
  const step = /** @type {any} */ (document.activeElement)?.dataset?.step;
  work();
  if (at < 0) return;
  const there = all(".own-changing [data-item]")[index];
  const same = there && (first(`[data-step="${step}"]:not(:disabled)`, there) ?? first("[data-step]:not(:disabled)", there));
  same?.focus();
}

/** What was typed as its name stays. @param {string} id @param {OwnRoute} route */
const latest = (id, route) => ownRoutes().find((each) => each.id === id) ?? route;

/** @param {OwnRoute} route @param {Step} step @param {number} at */
function stepItem(route, step, at) {
  const away = button("×", "own-away", () => {
    keep({ ...latest(route.id, route), steps: route.steps.filter((_, index) => index !== at) });
    first(".own-page", place).focus();
  });
  away.setAttribute("aria-label", t("own.away", { title: step.title }));
  return make("li", { "data-item": at }, make("span", { class: "item-label" }, step.title), away);
}

/** A page that learners are not shown in lists. */
const unlisted = 2;
/** The pages that may be put on a route here: of a large course, those that were seen. @type {Step[] | null} */
let offered = null;
/** Whether the course has others. */
let others = false;

async function findOffered() {
  const all = await allSaid(`ways/${session.island.lang}`);
  others = !all.size;
  const ids = all.size ? [...all.keys()] : seenPages();
  await lookUp(ids);
  const there = ids.map(pageThere).filter((page) => page && page.apart !== unlisted);
  offered = there.map(({ page, title, url }) => ({ page, title, url: fromRoot(url) }));
  offered.sort((a, b) => a.title.localeCompare(b.title, session.island.lang, { numeric: true }));
}

/** @param {OwnRoute} route */
function adder(route) {
  const box = make("div", { class: "own-adding" });
  const fill = () => fillAdder(box, route);
  if (offered) fill();
  else findOffered().then(fill, console.error);
  return box;
}

/** @param {any} box @param {OwnRoute} route */
function fillAdder(box, route) {
  const pages = offered.filter(({ page }) => !route.steps.some((step) => step.page === page));
  const select = make(
    "select",
    { class: "own-page", id: "own-page" },
    ...pages.map(({ page, title }) => make("option", { value: page }, title)),
  );
  const add = () => {
    const step = pages.find(({ page }) => page === select.value);
    keep({ ...latest(route.id, route), steps: [...route.steps, step] });
    first(".own-page", place)?.focus();
  };
  const adding = make("p", { class: "own-add" }, make("label", { for: "own-page" }, t("own.page")), " ", select, " ", button(t("own.add"), "own-add-page", add));
  box.replaceChildren(
    ...(pages.length ? [adding] : others ? [] : [make("p", {}, t("own.all"))]),
    ...(others ? [make("p", { class: "own-elsewhere" }, t("own.elsewhere"))] : []),
  );
}

/** @param {string} id */
async function remove(id) {
  changed = "";
  await erase([id]);
  first(".own-new", place).focus();
  say(t("own.removed"));
}

function begin() {
  const id = "own:" + newId();
  changed = id;
  keep({ id, title: t("own.unnamed"), steps: [] });
  const name = first(".own-name", place);
  name.focus();
  name.select();
}

let drawn = "";

function apply() {
  for (const section of all(".plan .checkpoint")) sayWhen(section);
  const routes = ownRoutes();
  // A name that is typed is in its box already; drawing all anew would take a press away.
  const wanted = JSON.stringify([routes.map((route) => (route.id === changed ? route.steps : route)), changed]);
  if (wanted === drawn) return;
  drawn = wanted;
  const said = first(".own-said", place) ?? make("p", { class: "own-said", role: "status" });
  place.replaceChildren(
    ...routes.map((route) => (route.id === changed ? changing(route) : reading(route))),
    make("p", {}, button(t("own.new"), "own-new", begin)),
    said,
  );
}

/** A part of a plan stands as it is since a day. @param {any} section */
function sayWhen(section) {
  const { checkpoint } = section.dataset;
  const { at, value } = session.tree.versions.get(session.aliases.checkpoints[checkpoint] ?? checkpoint)?.at(-1) ?? {};
  const since = first(".plan-since", section) ?? make("p", { class: "plan-since" });
  since.textContent = String(value ?? "").trim() ? t("own.since", { date: dateAndTime(at) }) : "";
  first("form", section).before(since);
}

/** Drawn when it is known which steps are still there. */
function show() {
  const coming = lookUp(ownRoutes().flatMap(({ steps }) => steps.map(({ page }) => page)));
  if (coming) coming.then(refresh);
  else apply();
}

if (place) onState(show);
