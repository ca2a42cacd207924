// @ts-check
/** Notes on a page, and its bookmark: loaded when one is wanted, and where there are some. */
import { Checkpoint } from "./checkpoint.js";
import { all, button, first, make } from "./dom.js";
import { erase } from "./erase.js";
import { wouldBeLost } from "./saved.js";
import { newId, onState, record, refresh, session } from "./session.js";
import { t } from "./strings.js";

/** @typedef {import("./moments.js").Entry} Entry */

const place = first(".own-marks");
const list = first(".notes", place);
const press = first(".bookmark", place);

/** Of a passage, as much as tells which one it is. */
const longest = 300;

/** A note is kept like an answer: its question is the passage it is about. */
class Note extends Checkpoint {
  get versions() {
    return session.tree.own.get(this.key) ?? [];
  }

  get answer() {
    return { ...super.answer, type: "note", url: session.island.url };
  }
}

/** @type {Map<string, Note>} the notes shown, by key */
const notes = new Map();

/** @param {string} key @param {string} prompt */
function showNote(key, prompt) {
  const remove = button(t("note.remove"), "note-remove", () => askToRemove(key, remove));
  const section = make(
    "section",
    { class: "note", "data-checkpoint": key, "data-kind": "note", "data-form": "words", "data-prompt": prompt },
    make("p", { class: "note-of" }, prompt),
    make(
      "form",
      { class: "answer", autocomplete: "off" },
      make("textarea", { rows: 4, "aria-label": prompt }),
      make("p", { class: "saved", role: "status" }),
      make("div", { class: "versions", hidden: "" }),
    ),
    make("p", { class: "where-kept", hidden: "" }),
    remove,
  );
  list.append(section);
  const note = new Note(section);
  notes.set(key, note);
  return note;
}

/** @param {string} key @param {any} pressed */
function askToRemove(key, pressed) {
  const leave = () => (ask.replaceWith(pressed), pressed.focus());
  const yes = button(t("note.remove.yes"), "note-remove-yes", () => remove(key));
  const ask = make(
    "p",
    { class: "note-ask", role: "group", "aria-label": t("note.remove.ask"), tabindex: "-1" },
    t("note.remove.ask"),
    " ",
    yes,
    " ",
    button(t("note.remove.no"), "note-remove-no", leave),
  );
  pressed.replaceWith(ask);
  ask.focus();
}

/** @param {string} key */
async function remove(key) {
  const note = notes.get(key);
  if (note) keepNoMore(note);
  await erase([key]); // before it seems gone: the page may be left then
  drop(key);
  first(".note-add", place).focus();
}

/** @param {any} note */
function keepNoMore(note) {
  note.dirty = note.again = false;
  clearTimeout(note.timers.pause);
  wouldBeLost(note, false);
}

/** @param {string} key */
function drop(key) {
  const note = notes.get(key);
  notes.delete(key);
  if (!note) return;
  keepNoMore(note);
  note.section.remove();
}

/** What is marked in the text, if anything is. */
function passage() {
  const marked = getSelection();
  const inText = marked?.anchorNode && first(".prose")?.contains(marked.anchorNode);
  const words = inText ? String(marked).replace(/\s+/g, " ").trim() : "";
  return words.length > longest ? words.slice(0, longest) + "…" : words;
}

/** @param {Entry} entry */
const isHere = ({ page = "" }) => (session.aliases.pages[page] ?? page) === session.island.page;

/** @param {string} type @returns {Entry[]} the latest version of each that belongs to this page */
function ownHere(type) {
  const latest = [...session.tree.own.values()].map((versions) => versions[versions.length - 1]);
  return latest.filter((entry) => entry.type === type && isHere(entry));
}

function toggleBookmark() {
  const kept = ownHere("bookmark").map(({ key = "" }) => key);
  if (kept.length) return erase(kept);
  const { page, pageTitle, url } = session.island;
  const moment = session.moment?.id ?? "";
  record({ type: "bookmark", key: newId(), value: pageTitle, prompt: t("bookmark.prompt"), page, pageTitle, url, moment });
  refresh();
}

function apply() {
  const here = ownHere("note");
  const keys = new Set(here.map(({ key = "" }) => key));
  for (const { key = "", prompt = "" } of here) if (!notes.has(key)) showNote(key, prompt);
  for (const [key, note] of notes) {
    // Erased in another tab, unless there are words in it that are not kept yet.
    if (note.seen && !keys.has(key) && !note.inUse) drop(key);
    else note.apply();
    note.seen ||= keys.has(key);
  }
  press.setAttribute("aria-pressed", String(ownHere("bookmark").length > 0));
}

if (place) {
  for (const control of all("[data-later=notes]")) control.removeAttribute("data-later");
  first(".note-add", place).addEventListener("click", () => {
    const note = showNote(newId(), passage() || t("note.prompt"));
    if (session.facts) note.apply();
    first("textarea", note.section).focus();
  });
  press.addEventListener("click", () => session.facts && toggleBookmark());
  const leaveAll = () => notes.forEach((note) => note.leave());
  addEventListener("pagehide", leaveAll);
  document.addEventListener("visibilitychange", () => document.hidden && leaveAll());
  onState(apply);
}
