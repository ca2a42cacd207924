// @ts-check
/** The journal: every version of every answer, by page or by time, to keep, print or erase. */
import { all, button, first, make } from "./dom.js";
import { downloadJournal } from "./export.js";
import { downloadMarkdown } from "./files.js";
import { byOrder } from "./moments.js";
import { onState, refresh, session, stamp } from "./session.js";
import { t } from "./strings.js";
import { dateAndTime } from "./time.js";
import { answerText, wordsOf } from "./words.js";

/** @typedef {import("./moments.js").Entry} Entry */

const journal = first("[data-journal]");
const view = { byTime: false };

/** @param {Entry | undefined} answer */
const written = (answer) => String(answer?.value ?? "").trim() !== "";

/** Answers that have words, each with all its versions. @returns {Entry[][]} */
function answers() {
  /** @type {Entry[][]} */
  const all = [...session.tree.versions.values()];
  const kept = all.map((versions) => versions.filter(written)).filter((versions) => versions.length);
  return kept.sort((a, b) => byOrder(a[0], b[0]));
}

/**
 * Where a prompt stands in the course as it is now; undefined where it is gone.
 * @param {string} key
 */
function placeOf(key) {
  const { prompts } = session.island;
  return prompts ? prompts[session.aliases.checkpoints[key] ?? key] : {};
}

/**
 * @param {Entry} answer
 * @param {boolean} [withPage]
 */
function headOf({ key = "", prompt = "", page, pageTitle = "" }, withPage = false) {
  const { url = "", page: present = page } = placeOf(key) ?? {};
  const question = make(
    "p",
    { class: "journal-prompt" },
    url ? make("a", { href: url, "data-page": present, "data-edge": "link" }, prompt) : prompt,
  );
  return withPage && pageTitle ? [make("p", { class: "journal-page" }, pageTitle), question] : [question];
}

/** @param {Entry} answer */
const wordsAndDate = (answer) => [
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

/** @param {Entry[]} versions oldest first */
function answerItem(versions) {
  const latest = versions[versions.length - 1];
  const item = make("li", { class: "journal-entry" }, ...headOf(latest), bodyOf(latest));
  const earlier = versions.slice(0, -1).reverse();
  if (earlier.length) {
    const list = earlier.map((version) => make("li", {}, ...wordsAndDate(version)));
    item.append(
      make(
        "details",
        { class: "journal-versions" },
        make("summary", {}, t("versions", { n: earlier.length })),
        make("ol", {}, ...list),
      ),
    );
  }
  const prompt = latest.prompt ?? "";
  if (mayErase())
    item.append(
      button(t("journal.erase.one"), "journal-erase-one", () =>
        offerErase(
          item,
          t("journal.erase.one.ask", { prompt }),
          versions.map(({ key = "" }) => key),
        ),
      ),
    );
  return item;
}

/**
 * @param {string} title
 * @param {any[]} items
 */
function group(title, items) {
  return make("section", { class: "journal-group" }, make("h2", {}, title), make("ol", {}, ...items));
}

/** @param {Entry[][]} kept */
function byPage(kept) {
  const here = new Map();
  const gone = [];
  for (const versions of kept) {
    const latest = versions[versions.length - 1];
    const place = placeOf(latest.key ?? "");
    if (!place) gone.push(versions);
    else {
      const title = place.title ?? latest.pageTitle ?? "";
      here.set(title, [...(here.get(title) ?? []), versions]);
    }
  }
  const groups = [...here].map(([title, list]) => group(title, list.map(answerItem)));
  return gone.length ? [...groups, group(t("journal.gone"), gone.map(answerItem))] : groups;
}

/** @param {Entry[][]} kept */
function byTime(kept) {
  const items = kept
    .flat()
    .sort(byOrder)
    .map((answer) => make("li", { class: "journal-entry" }, ...headOf(answer, true), bodyOf(answer)));
  return [make("ol", { class: "journal-time" }, ...items)];
}

/**
 * Asked in the page, where the offer of a copy can stand beside it.
 * @param {any} place
 * @param {string} question
 * @param {string[]} [keys] only these answers; without, everything
 */
function offerErase(place, question, keys) {
  for (const open of all(".journal-ask", journal)) open.remove();
  const close = () => ask.remove();
  const ask = make(
    "div",
    { class: "journal-ask", role: "group", "aria-label": question, tabindex: "-1" },
    make("p", {}, question),
    button(t("journal.export"), "journal-export", downloadJournal),
    " ",
    button(t("journal.erase.yes"), "journal-erase-yes", () => erase(keys)),
    " ",
    button(t("journal.erase.no"), "journal-erase-no", close),
  );
  place.append(ask);
  ask.focus();
}

/**
 * Everything, or these answers: from every rung of the store, half-typed drafts included. One line
 * stays, to say so.
 * @param {string[]} [keys]
 */
async function erase(keys) {
  const { store } = session;
  const named = (/** @type {Entry[]} */ list) =>
    list.filter(({ key = "" }) => keys?.includes(key)).map(({ id }) => id);
  const remove = named(store.log.filter((/** @type {Entry} */ { type }) => type === "answer"));
  let whole = true;
  for (const shelf of store.shelves) {
    try {
      await shelf.write(keys ? { remove, gone: named((await shelf.read()).drafts) } : { clear: true });
    } catch {
      whole = false;
    }
  }
  await store.write({
    ...(keys ? { remove } : { clear: true }),
    log: [stamp({ type: "erased", ...(keys && { keys }) })],
  });
  refresh();
  const status = first(".journal-status", journal);
  status.textContent = t(whole ? "journal.erased" : "journal.erase.failed");
  status.focus();
}

/** What a later release of the course has written is not this page's to erase. */
const mayErase = () => session.store.reason !== "newer";

function showTools() {
  const tools = first(".journal-tools", journal);
  const order = button("", "journal-order", () => {
    view.byTime = !view.byTime;
    apply();
  });
  tools.append(
    order,
    button(t("journal.export"), "journal-export", downloadJournal),
    button(t("journal.markdown"), "journal-markdown", () => downloadMarkdown(answers())),
    button(t("journal.print"), "journal-print", () => print()),
    ...(mayErase()
      ? [button(t("journal.erase"), "journal-erase", () => offerErase(tools, t("journal.erase.ask")))]
      : []),
    make("p", { class: "journal-status", role: "status", tabindex: "-1" }),
  );
}

function apply() {
  if (!first(".journal-order", journal)) showTools();
  const kept = answers();
  const { kind, reason } = session.store;
  first(".journal-order", journal).textContent = t(view.byTime ? "journal.by.page" : "journal.by.time");
  const trouble = kind === "memory" ? [make("p", { class: "journal-trouble" }, t(`where.${reason}`))] : [];
  const shown = kept.length
    ? view.byTime
      ? byTime(kept)
      : byPage(kept)
    : [make("p", {}, t("journal.empty"))];
  first(".journal-entries", journal).replaceChildren(...trouble, ...shown);
}

// The journal alone knows all prompts, so former ids of any page's checkpoints meet here.
for (const [id, { aliases = [] }] of Object.entries(session.island?.prompts ?? {})) {
  for (const former of aliases) session.aliases.checkpoints[former] = id;
}
if (journal) onState(apply);
