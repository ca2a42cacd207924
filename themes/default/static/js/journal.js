// @ts-check
/**
 * The journal: every version of every answer, by page, by time or by topic. On its own page come tools
 * to keep, print or erase it (`journal-tools.js`); in an author's page it is for reading.
 */
import { all, button, first, make } from "./dom.js";
import { byOrder } from "./moments.js";
import { onState, refresh, session } from "./session.js";
import { t } from "./strings.js";
import { askedThere, lookUp, pageThere } from "./there.js";
import { dateAndTime } from "./time.js";
import { answerText, wordsOf } from "./words.js";

/** @typedef {import("./moments.js").Entry} Entry */

export const journal = first("[data-journal]");
/** What the tools add: beside the ways to look at it, and to each entry. */
export const added = { tools: () => /** @type {any[]} */ ([]), toEntry: (/** @type {any} */ _item, /** @type {Entry[]} */ _versions) => {} };
/** How the journal is ordered, and the words that entries must have to be shown. */
const view = { order: "page", words: /** @type {string[]} */ ([]) };

/** @param {Entry | undefined} answer */
export const written = (answer) => String(answer?.value ?? "").trim() !== "";

/** Letters without their accents and cases. @param {string} text */
const plainly = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** Whether any version, its question or its page has all the words that are looked for. @param {Entry[]} versions */
function isFound(versions) {
  if (!view.words.length) return true;
  const text = plainly(versions.map((each) => [each.prompt, each.pageTitle, answerText(each)].join(" ")).join(" "));
  return view.words.every((word) => text.includes(word));
}

/** Answers, notes and bookmarks that have words, each with all its versions. @returns {Entry[][]} */
export function answers() {
  /** @type {Entry[][]} */
  const all = [...session.tree.versions.values(), ...session.tree.own.values()];
  const kept = all.map((versions) => versions.filter(written)).filter((versions) => versions.length);
  return kept.sort((a, b) => byOrder(a[0], b[0]));
}

/**
 * Where a prompt, or the page of a note, stands in the course as it is now; null where it is gone.
 * @param {Entry} entry
 * @returns {any}
 */
function placeOf({ type, key = "", page = "", pageTitle }) {
  const { plan } = session.island;
  if (type === "plan") return { title: pageTitle, url: plan + "#own-routes" };
  if (key.startsWith("plan:")) return { title: t("own.plan"), url: plan && `${plan}#${key}` };
  const place = type === "answer" ? askedThere(key) : pageThere(page);
  return place === undefined ? {} : place;
}

/**
 * @param {Entry} answer
 * @param {boolean} [withPage]
 */
export function headOf(entry, withPage = false) {
  const { prompt = "", page, pageTitle = "" } = entry;
  const { url = "", page: present = page } = placeOf(entry) ?? {};
  const question = make(
    "p",
    { class: "journal-prompt" },
    url ? make("a", { href: url, "data-page": present, "data-edge": "link" }, prompt) : prompt,
  );
  return withPage && pageTitle ? [make("p", { class: "journal-page" }, pageTitle), question] : [question];
}

/** @param {Entry} answer */
export const wordsAndDate = (answer) => [
  make("p", { class: "when-written" }, dateAndTime(answer.at)),
  wordsOf(answerText(answer)),
];

/**
 * Earlier words beside later ones, as they were when the learner looked back.
 * @param {Entry} now
 * @returns {any}
 */
function thenAndNow(now) {
  const { versions } = session.tree;
  const before = (versions.get(session.aliases.checkpoints[now.of ?? ""] ?? now.of) ?? []).filter(
    (/** @type {Entry} */ each) => written(each) && byOrder(each, now) < 0,
  );
  const then = before.pop();
  if (!then) return make("div", { class: "now" }, ...wordsAndDate(now));
  return make(
    "div",
    { class: "then-now" },
    make(
      "div",
      { class: "then" },
      make("p", { class: "label" }, t("journal.then")),
      ...headOf(then),
      ...wordsAndDate(then),
    ),
    make("div", { class: "now" }, make("p", { class: "label" }, t("journal.now")), ...wordsAndDate(now)),
  );
}

/** @param {Entry} answer */
const bodyOf = (answer) =>
  answer.of ? thenAndNow(answer) : make("div", { class: "now" }, ...wordsAndDate(answer));

/** Folded, and made when they are unfolded: there may be thousands. @param {Entry[]} earlier newest first */
function earlierVersionsOf(earlier) {
  const details = make("details", { class: "journal-versions" }, make("summary", {}, t("versions", { n: earlier.length })));
  details.fill = () => {
    if (!first("ol", details)) details.append(make("ol", {}, ...earlier.map((version) => make("li", {}, ...wordsAndDate(version)))));
  };
  details.addEventListener("toggle", details.fill);
  return details;
}

/** @param {Entry[]} versions oldest first */
function answerItem(versions) {
  const latest = versions[versions.length - 1];
  // A page that stands above them needs not be named with each.
  const item = make("li", { class: "journal-entry" }, ...headOf(latest, view.order !== "page"), bodyOf(latest));
  if (versions.length > 1) item.append(earlierVersionsOf(versions.slice(0, -1).reverse()));
  added.toEntry(item, versions);
  return item;
}

/** Entries that are still to be drawn. There may be thousands, and the page is to answer meanwhile. @type {(() => void)[]} */
let waiting = [];
const slice = 10;
/** At first as much as fills a screen: it is seen when that is done. */
const firstSlice = 4;

/** So many milliseconds of drawing at a time; for paper, all of it. @param {number} [time] */
function draw(time = slice) {
  const end = performance.now() + time;
  let done = 0;
  while (done < waiting.length && performance.now() < end) waiting[done++]();
  waiting.splice(0, done);
  if (waiting.length) setTimeout(draw);
}

/**
 * A list that fills itself, from the top of the page down.
 * @template T
 * @param {string} name of its class
 * @param {T[]} entries
 * @param {(entry: T) => any} itemOf
 */
function listOf(name, entries, itemOf) {
  const list = make("ol", { class: name });
  for (const entry of entries) waiting.push(() => list.append(itemOf(entry)));
  return list;
}

/**
 * @param {string} title
 * @param {Entry[][]} answers
 */
function group(title, answers) {
  return make("section", { class: "journal-group" }, make("h2", {}, title), listOf("journal-list", answers, answerItem));
}

/**
 * Under the titles that each answer belongs to; what belongs nowhere any more comes last.
 * @param {Entry[][]} kept
 * @param {(latest: Entry, place: any) => string[]} titlesOf
 */
function grouped(kept, titlesOf) {
  const here = new Map();
  const gone = [];
  for (const versions of kept) {
    const latest = versions[versions.length - 1];
    const place = placeOf(latest);
    if (!place) gone.push(versions);
    for (const title of place ? titlesOf(latest, place) : []) {
      if (!here.has(title)) here.set(title, []);
      here.get(title).push(versions);
    }
  }
  const groups = [...here].map(([title, list]) => group(title, list));
  return gone.length ? [...groups, group(t("journal.gone"), gone)] : groups;
}

/** @type {Record<string, (kept: Entry[][]) => any[]>} */
const orders = {
  page: (kept) => grouped(kept, (latest, place) => [place.title ?? latest.pageTitle ?? ""]),
  time: byTime,
  topic: (kept) => grouped(kept, (_, { topics = [] }) => (topics.length ? topics : [t("journal.no-topic")])),
};

/** @param {Entry[][]} kept */
function byTime(kept) {
  const inTime = kept.flat().sort(byOrder);
  return [
    listOf("journal-time", inTime, (answer) =>
      make("li", { class: "journal-entry" }, ...headOf(answer, true), bodyOf(answer)),
    ),
  ];
}

/** @param {string} order @param {string} words */
function orderButton(order, words) {
  const press = button(words, "journal-order", () => {
    view.order = order;
    apply();
  });
  press.dataset.order = order;
  return press;
}

function showTools() {
  const tools = first(".journal-tools", journal);
  const search = make("input", { type: "search", autocomplete: "off", "aria-label": t("journal.find"), placeholder: t("journal.find") });
  search.addEventListener("input", () => {
    view.words = plainly(search.value).split(/\s+/).filter(Boolean);
    apply();
  });
  tools.append(
    make(
      "p",
      { class: "journal-view", role: "group", "aria-label": t("journal.view") },
      orderButton("page", t("journal.by.page")),
      orderButton("time", t("journal.by.time")),
      ...(session.island.topics ? [orderButton("topic", t("journal.by.topic"))] : []),
      search,
      make("span", { class: "journal-found", role: "status" }),
    ),
    ...added.tools(),
  );
}

/** Draw it when it is known where everything stands today. */
function apply() {
  const kept = answers().map((versions) => versions[versions.length - 1]);
  const keys = kept.flatMap(({ type, key = "" }) => (type === "answer" && !key.startsWith("plan:") ? [key] : []));
  const pages = kept.flatMap(({ type, page = "" }) => (type === "answer" ? [] : [page]));
  const coming = lookUp(pages, keys);
  // Only what bears another id by now is to be computed again.
  if (coming) coming.then((isRenamed) => (isRenamed ? refresh() : redraw()));
  else redraw();
}

function redraw() {
  if (!first(".journal-order", journal)) showTools();
  const all_ = answers();
  const kept = all_.filter(isFound);
  const { kind, reason } = session.store;
  for (const press of all(".journal-order", journal)) {
    press.setAttribute("aria-pressed", String(press.dataset.order === view.order));
  }
  first(".journal-found", journal).textContent = view.words.length ? t("journal.found", { n: kept.length }) : "";
  const trouble = kind === "memory" ? [make("p", { class: "journal-trouble" }, t(`where.${reason}`))] : [];
  waiting = [];
  const shown = kept.length || all_.length ? orders[view.order](kept) : [make("p", {}, t("journal.empty"))];
  first(".journal-entries", journal).replaceChildren(...trouble, ...shown);
  journal.setAttribute("aria-busy", "false");
  draw(firstSlice);
}

/** Begin to show it, where the page has one. */
export function showJournal() {
  if (!journal) return;
  // On paper stands every word, however far it was drawn and unfolded.
  addEventListener("beforeprint", () => {
    draw(Infinity);
    for (const details of all(".journal-versions", journal)) {
      details.fill();
      details.open = true;
    }
  });
  journal.setAttribute("aria-busy", "true");
  // The first date takes longest to write: done while the words are being read.
  dateAndTime(new Date());
  onState(apply);
}
