// @ts-check
/** The search: words are looked up in the few files that may have them, and pages shown as they come. */
import { fetched } from "./data-files.js";
import { first, make } from "./dom.js";
import { marked, wanted } from "./fold.js";
import { everVisited } from "./moments.js";
import { onState, session } from "./session.js";
import { t } from "./strings.js";

const digits = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
const atOnce = 10;
/** Files of words that one beginning is looked up in: the beginning of a beginning is in many. */
const mostRuns = 6;
const around = 90;

/** @typedef {{id: string, title: string, url: string, kind: string, summary: string, text: string}} Shown */

/** @param {string} name of a file of this language's */
const part = (name) => fetched(`${session.island.lang}/${name}`, "search/");

/** @param {string} word */
const runName = (word) => "w-" + [...word].map((sign) => (/[a-z0-9]/i.test(sign) ? sign : `_${sign.codePointAt(0)?.toString(16)}_`)).join("");

/** By code point, as the build sorts. @param {string} one @param {string} other */
function before(one, other) {
  const [a, b] = [[...one], [...other]];
  const at = a.findIndex((sign, n) => sign !== b[n]);
  return at < 0 ? a.length < b.length : b[at] !== undefined && Number(a[at].codePointAt(0)) < Number(b[at].codePointAt(0));
}

/**
 * The runs that words with this beginning may stand in.
 * @param {string[]} firsts
 * @param {string} start
 */
function runsFor(firsts, start) {
  let from = 0;
  let to = firsts.length;
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if (before(start, firsts[middle])) to = middle;
    else from = middle;
  }
  let end = from + 1;
  while (end < firsts.length && end - from < mostRuns && firsts[end].startsWith(start)) end++;
  return firsts.slice(from, end);
}

/**
 * The pages on which a word begins like this, each with how much that tells.
 * @param {any} directory
 * @param {string} start
 * @returns {Promise<Map<number, number>>}
 */
async function lookUp(directory, start) {
  /** @type {Map<number, number>} */
  const found = new Map();
  const texts = await Promise.all(runsFor(directory.firsts, start).map((word) => part(runName(word))));
  for (const line of texts.join("\n").split("\n")) {
    if (!line.startsWith(start)) continue;
    const [word, keys] = line.split(" ");
    const rare = Math.log(1 + (4 * directory.pages) / keys.length);
    for (let at = 0; at < keys.length; at += 4) {
      let value = 0;
      for (const sign of keys.slice(at, at + 4)) value = value * 64 + digits.indexOf(sign);
      const worth = (1 + (value & 3)) * rare * (word === start ? 2 : 1);
      found.set(value >> 2, Math.max(worth, found.get(value >> 2) ?? 0));
    }
  }
  return found;
}

/**
 * The numbers of pages, the best first, and whether they have every word.
 * @param {string[]} words
 */
async function find(words) {
  const directory = await part("index");
  directory.firsts ??= directory.runs.split(" ");
  const lists = await Promise.all(words.map((word) => lookUp(directory, word)));
  /** @type {Map<number, {has: number, worth: number}>} */
  const pages = new Map();
  const visited = seen();
  for (const list of lists) {
    for (const [page, worth] of list) {
      // Some pages are named to those alone who have been there.
      const secret = directory.visited[page];
      if (secret !== undefined && !visited.has(secret)) continue;
      const known = pages.get(page) ?? { has: 0, worth: 0 };
      pages.set(page, { has: known.has + 1, worth: known.worth + worth });
    }
  }
  const most = Math.max(0, ...[...pages.values()].map(({ has }) => has));
  const best = [...pages].filter(([, { has }]) => has === most).sort(([a, x], [b, y]) => y.worth - x.worth || a - b);
  return { numbers: best.map(([page]) => page), whole: most === words.length, directory };
}

/**
 * @param {any} directory
 * @param {number} number
 * @returns {Promise<Shown | undefined>}
 */
async function shown(directory, number) {
  const rows = await part(`p${(number >>> directory.shift).toString(16)}`);
  const row = rows.find((/** @type {any[]} */ [own]) => own === number);
  if (!row) return;
  const [, id, title, url, kind, summary, text] = row;
  return { id, title, url, kind, summary, text };
}

/**
 * A text with the words that were looked for marked in it.
 * @param {string} tag
 * @param {string} name
 * @param {string} text
 * @param {string[]} words
 */
function withMarks(tag, name, text, words) {
  const parts = marked(text, words).map(([part, found]) => (found ? make("mark", {}, part) : part));
  return make(tag, { class: name, dir: "auto" }, ...parts);
}

/**
 * What stands around the first of the words; else how the text begins.
 * @param {string} text
 * @param {string[]} words
 */
function excerpt(text, words) {
  let at = 0;
  for (const [part, found] of marked(text, words)) {
    if (found) break;
    at += part.length;
  }
  if (at >= text.length) at = 0;
  const from = at > around ? text.indexOf(" ", at - around) + 1 || at - around : 0;
  const start = from > at ? at : from;
  const end = start + 2.5 * around;
  const stop = end < text.length ? text.lastIndexOf(" ", end) : text.length;
  const to = stop > at ? stop : end;
  return (start > 0 ? "… " : "") + text.slice(start, to) + (to < text.length ? " …" : "");
}

/**
 * @param {Shown} page
 * @param {string[]} words
 */
function result({ id, title, url, kind, summary, text }, words) {
  const visited = seen().has(id) ? "" : null;
  const link = withMarks("a", "card-link", title, words);
  link.href = session.island.root + url;
  for (const [name, value] of Object.entries({ page: id, edge: "search" })) link.dataset[name] = value;
  link.toggleAttribute("data-visited", visited !== null);
  const item = make("li", { class: "card", "data-page-card": id, "data-visited": visited }, link);
  const named = session.island.kinds[kind];
  if (named) item.append(make("p", { class: "card-facts" }, make("span", { class: "kind" }, named)));
  const said = text ? excerpt(text, words) : summary;
  if (said) item.append(withMarks("p", "card-summary", said, words));
  return item;
}

/** The pages that were opened here, as far as that is known. */
const seen = () => (session.tree ? everVisited(session.tree) : new Set());

const box = first(".search");
const input = first("input", box);
const status = first("[role=status]", box);
const list = first(".search-results", box);
const more = first(".search-more", box);
/** @type {{words: string[], numbers: number[], directory: any, at: number}} */
let now = { words: [], numbers: [], directory: null, at: 0 };
let asked = 0;

/** Show the next few of what was found. */
async function showMore() {
  const { words, numbers, directory, at } = now;
  const mine = asked;
  now.at = at + atOnce;
  const pages = await Promise.all(numbers.slice(at, now.at).map((number) => shown(directory, number)));
  if (mine !== asked) return;
  const items = pages.flatMap((page) => (page ? [result(page, words)] : []));
  if (at) list.append(...items);
  else list.replaceChildren(...items);
  more.hidden = now.at >= numbers.length;
  return items[0];
}

async function search() {
  const mine = ++asked;
  const words = wanted(input.value);
  remember();
  if (!words.length) {
    status.textContent = "";
    list.replaceChildren();
    more.hidden = true;
    return;
  }
  try {
    const { numbers, whole, directory } = await find(words);
    if (mine !== asked) return;
    now = { words, numbers, directory, at: 0 };
    await showMore();
    if (mine !== asked) return;
    const said = whole ? t("search.found", { n: numbers.length }) : t("search.some");
    status.textContent = numbers.length ? said : t("search.none");
  } catch (error) {
    console.error("learnpath:", error);
    if (mine === asked) status.textContent = t("search.trouble");
  }
}

/** What was looked for stands in the address, so that Back returns to it and a link can be kept. */
function remember() {
  const query = input.value.trim();
  const address = new URL(location.href);
  if (query) address.searchParams.set("q", query);
  else address.searchParams.delete("q");
  try {
    history.replaceState(history.state, "", address);
  } catch {
    // Some browsers refuse from disk, or after a hundred in half a minute.
  }
}

/** @type {any} */
let timer;
function soon() {
  clearTimeout(timer);
  timer = setTimeout(search, 120);
}

function begin() {
  box.hidden = false;
  input.value = new URLSearchParams(location.search).get("q") ?? "";
  input.addEventListener("input", soon);
  first("form", box).addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    clearTimeout(timer);
    search();
  });
  more.addEventListener("click", async () => (await showMore())?.querySelector("a").focus());
  input.focus({ preventScroll: true });
  if (input.value) search();
}

begin();
onState(function marksFollow() {
  if (now.words.length) search();
});
