// @ts-check
/**
 * The trail: every run with its moments and the words written at each, to go back to, to name, and
 * to begin afresh beside it.
 */
import { all, button, first, make } from "./dom.js";
import { download } from "./files.js";
import { goTo, leave, nameOfRun, runs } from "./run-names.js";
import { seenPages } from "./seen.js";
import { onState, record, refresh, session } from "./session.js";
import { t } from "./strings.js";
import { dateAndTime } from "./time.js";
import { trailFile, trailMarkdown } from "./trail-file.js";
import { linkOf, sharedRoute, walked } from "./shared-trail.js";
import { suggestions } from "./suggest.js";
import { saidWords, suggestedCards, waysNear } from "./suggested.js";
import { lookUp, pageThere } from "./there.js";
import { offerTrail, takeTrail } from "./trail-follow.js";
import { placesOf } from "./trail-tree.js";
import { within } from "./within.js";
import { answerText, wordsOf } from "./words.js";

/** @typedef {import("./moments.js").Entry} Entry */
/** @typedef {import("./runs.js").Run} Run */
/** @typedef {import("./trail-tree.js").Place} Place */

const trail = first("[data-trail]");
/** Which runs the learner has unfolded or folded. @type {Map<string, boolean>} */
const unfolded = new Map();

/** @param {Entry} moment */
const isGone = ({ page = "" }) => pageThere(page) === null;

/** Show the trail, and again where pages of it turn out to be gone. */
function showTrail() {
  apply();
  const moments = [...session.tree.moments.values()];
  lookUp(moments.map(({ page = "" }) => page))?.then(() => moments.some(isGone) && apply());
}

/** The last words of each answer that was written at a moment. @returns {Map<string, Entry[]>} */
function wordsByMoment() {
  const found = new Map();
  for (const versions of session.tree.versions.values()) {
    const last = new Map(versions.map((/** @type {Entry} */ version) => [version.moment, version]));
    for (const [moment, version] of last) {
      if (String(version.value ?? "").trim()) found.set(moment, [...(found.get(moment) ?? []), version]);
    }
  }
  return found;
}

/** @param {Entry} moment */
function headOf(moment) {
  const { type, page, pageTitle, label, option, route } = moment;
  if (type === "chose") return [t("trail.chose", { option: label || option || "" })];
  if (type === "route") return [route ? t("trail.route", { route: titleOfRoute(route) }) : t("trail.left")];
  if (type === "run") return [t("trail.afresh")];
  const by = moment.by?.label ? make("span", { class: "trail-by" }, t("trail.by", { option: moment.by.label })) : "";
  if (isGone(moment)) return [make("span", { class: "trail-page trail-gone" }, t("own.step.gone", { title: pageTitle || page || "" })), " ", by];
  const here = moment.id === session.moment?.id;
  const way = make(
    "a",
    { href: session.island.root + within(moment.url), class: "trail-page", "data-place": page, "aria-current": here ? "location" : null },
    pageTitle || page || "",
  );
  way.addEventListener("click", (/** @type {MouseEvent} */ event) => {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    goTo(moment);
  });
  return [way, " ", by];
}

/** @param {string} id */
const titleOfRoute = (id) =>
  (session.island.routes.find((/** @type {any} */ route) => route.id === id) ?? sharedRoute(id, session.island))?.title ?? id;

/** @param {Entry} answer */
function wordsAt(answer) {
  return make("div", { class: "trail-words" }, make("p", { class: "journal-prompt" }, answer.prompt ?? ""), wordsOf(answerText(answer)));
}

/**
 * @param {Place[]} places
 * @param {Map<string, Entry[]>} words
 * @returns {any}
 */
function listOf(places, words) {
  return make("ol", { class: "trail-list", role: "list" }, ...places.map((place) => itemOf(place, words)));
}

/**
 * @param {Place} place
 * @param {Map<string, Entry[]>} words
 */
function itemOf({ moment, branches, runs: others }, words) {
  const item = make(
    "li",
    { class: `place-${moment.type}` },
    make("div", { class: "trail-head" }, ...headOf(moment)),
    ...(words.get(moment.id) ?? []).map(wordsAt),
  );
  const known = runs();
  for (const id of others) {
    const run = known.find((each) => each.id === id);
    item.append(make("p", { class: "trail-fork" }, make("a", { href: `#run-${id}` }, t("trail.fork", { run: nameOfRun(run, known) }))));
  }
  for (const branch of branches) {
    const [{ moment: begin }] = branch;
    item.append(
      make(
        "div",
        { class: "trail-branch" },
        make("p", { class: "label" }, t("trail.branch"), " ", naming(begin.id, "", t("trail.branch.name"))),
        listOf(branch, words),
      ),
    );
  }
  return item;
}

/**
 * A button that makes room for a name in its own place.
 * @param {string} moment that the run begins with
 * @param {string} name
 * @param {string} label
 */
function naming(moment, name, label) {
  const press = button(label, "trail-name", () => {
    const input = make("input", { type: "text", maxlength: 80, value: name, "aria-label": t("trail.name.label"), autocomplete: "off" });
    const form = make("form", { class: "trail-naming" }, input, " ", make("button", { type: "submit" }, t("trail.name.keep")));
    form.addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault();
      record({ type: "named", moment, name: input.value.trim().slice(0, 80) });
      refresh();
      say(t("trail.name.kept"));
    });
    form.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Escape") return;
      form.replaceWith(press);
      press.focus();
    });
    press.replaceWith(form);
    input.focus();
    input.select();
  });
  return press;
}

/**
 * @param {Run} run
 * @param {Run[]} known
 * @param {Map<string, Entry[]>} words
 */
function runItem(run, known, words) {
  const { moments } = run;
  const here = moments.some(({ id }) => id === session.moment?.id);
  const opened = moments.filter(({ type }) => type === "opened");
  const pages = new Set(opened.map(({ page }) => page)).size;
  const lastPage = opened.findLast((moment) => !isGone(moment));
  const last = moments.findLast(({ page }) => page === lastPage?.page);
  const details = make(
    "details",
    { class: "trail-steps" },
    make("summary", {}, t("trail.steps")),
  );
  details.open = unfolded.get(run.id) ?? here;
  const fill = () => details.open && !first("ol", details) && details.append(listOf(placesOf(session.tree, run, session.moment?.id), words));
  fill();
  details.addEventListener("toggle", () => (unfolded.set(run.id, details.open), fill()));
  return make(
    "section",
    { class: "trail-run", id: `run-${run.id}`, "data-here": here ? "" : null },
    make("h2", { tabindex: "-1" }, nameOfRun(run, known)),
    make("p", { class: "trail-facts" }, [t("trail.begun", { date: dateAndTime(moments[0].at) }), t("trail.pages", { n: pages }), ...(here ? [t("trail.here")] : [])].join(" · ")),
    make(
      "p",
      { class: "trail-ways" },
      ...(lastPage && last ? [button(t("trail.go-on", { title: lastPage.pageTitle ?? "" }), "trail-go-on", () => goTo(last))] : []),
      " ",
      naming(run.id, run.name, t("trail.name")),
      " ",
      handing(run, known),
      ...(trail.dataset.map && pages > 1 ? [" ", make("a", { href: `${trail.dataset.map}#run-${encodeURIComponent(run.id)}`, class: "trail-on-map" }, t("trail.on-map"))] : []),
    ),
    details,
  );
}

/**
 * A link to hand on: the places alone, never a word that was written.
 * @param {Run} run
 * @param {Run[]} known
 */
function handing(run, known) {
  const pages = run.moments.filter(({ type }) => type === "opened").map(({ page = "" }) => page);
  const press = button(t("trail.hand-on"), "trail-hand-on trail-name", () => {
    const link = location.href.split("#")[0] + linkOf(nameOfRun(run, known), walked(pages));
    const box = make("input", { type: "text", readonly: "", value: link, "aria-label": t("trail.link") });
    const copy = button(t("trail.copy"), "copy", () => {
      box.select();
      navigator.clipboard?.writeText(link).then(() => say(t("trail.copied")), () => {});
    });
    press.replaceWith(make("span", { class: "trail-naming" }, box, " ", copy, make("span", { class: "trail-facts" }, t("trail.hand-on.intro"))));
    box.focus();
    box.select();
  });
  return press;
}

/** A new run, beside those that are there: it begins at the start, with nothing chosen yet. */
async function beginAfresh(/** @type {string} */ name) {
  const { entry, saved } = record({ type: "run", parent: null });
  const named = name && record({ type: "named", moment: entry.id, name });
  refresh(entry.id);
  await Promise.all([saved, named && named.saved]).catch(console.error);
  leave(trail.dataset.home);
}

function afreshTool() {
  const input = make("input", { type: "text", maxlength: 80, placeholder: t("trail.name.label"), "aria-label": t("trail.name.label"), autocomplete: "off" });
  const form = make("form", { class: "trail-naming" }, input, " ", make("button", { type: "submit", class: "trail-begin" }, t("trail.begin.now")));
  form.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    beginAfresh(input.value.trim().slice(0, 80));
  });
  return make("details", { class: "trail-afresh" }, make("summary", {}, t("trail.begin")), make("p", {}, t("trail.begin.intro")), form);
}

function showTools() {
  first(".trail-tools", trail).append(
    afreshTool(),
    make(
      "p",
      { class: "trail-take" },
      button(t("trail.print"), "trail-print", () => print()),
      " ",
      button(t("trail.markdown"), "trail-markdown", () => download("md", trailMarkdown(runs(), wordsByMoment()), "text/markdown")),
      " ",
      button(t("trail.file"), "trail-file", () => download("trail.json", trailFile(runs()), "application/json")),
    ),
    takeTrail(say),
    make("p", { class: "trail-status", role: "status", tabindex: "-1" }),
  );
}

/** @param {string} words */
function say(words) {
  const status = first(".trail-status", trail);
  status.textContent = words;
  status.focus();
}

/** How many places of the trail are looked at for what could come next. */
const places = 12;

/** What could come next on the way that is being walked, each with its reason. */
async function showNext() {
  const seen = seenPages();
  const ways = await waysNear(seen, places);
  const next = suggestions(ways, seen, saidWords());
  const place = first(".trail-next", trail);
  place.hidden = !next.length || !seen.length;
  if (place.hidden) return;
  place.replaceChildren(make("h2", {}, t("next.title")), make("p", {}, t("next.intro")), suggestedCards(next, ways.pages));
}

function apply() {
  if (!first(".trail-take", trail)) showTools();
  const known = runs();
  const words = wordsByMoment();
  const { kind, reason } = session.store;
  const trouble = kind === "memory" ? [make("p", { class: "journal-trouble" }, t(`where.${reason}`))] : [];
  const shown = known.length ? known.toReversed().map((run) => runItem(run, known, words)) : [make("p", {}, t("trail.empty"))];
  first(".trail-runs", trail).replaceChildren(...trouble, ...shown);
}

// What prints is what was walked, not how far it happened to be unfolded.
addEventListener("beforeprint", () => all(".trail-steps", trail).forEach((details) => (details.open = true)));
if (trail) {
  onState(showTrail);
  onState(() => void showNext().catch(console.error));
  onState(offerTrail);
  addEventListener("hashchange", offerTrail);
}
