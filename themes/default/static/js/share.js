// @ts-check
/** Giving words away, by the learner's own hand, and reading what others gave beside one's own. */
import { all, button, first, make } from "./dom.js";
import { download } from "./files.js";
import { byOrder } from "./moments.js";
import { mostShared, packetFile, packetIn } from "./packet.js";
import { newId, record, session } from "./session.js";
import { t } from "./strings.js";
import { Refused } from "./take-in.js";
import { answerText, wordsOf } from "./words.js";

/** @typedef {import("./moments.js").Entry} Entry */

/**
 * The latest words under each id, as far as there are any.
 * @param {string[]} keys all, where none is named
 * @returns {[string, Entry][]}
 */
function latestWords(keys) {
  const kept = /** @type {Map<string, Entry[]>} */ (session.tree.versions);
  const found = /** @type {[string, Entry][]} */ ([...kept].map(([key, versions]) => [key, versions[versions.length - 1]]));
  return found
    .filter(([key, answer]) => (!keys.length || keys.includes(key)) && answerText(answer).trim())
    .sort((a, b) => byOrder(a[1], b[1]));
}

/** What was shared from here before: it says under which name, and what the next packet replaces. */
const sharedBefore = () => session.store.log.filter((/** @type {Entry} */ { type }) => type === "shared").at(-1);

/** @param {any} section */
const keysOf = (section) => (section.dataset.share ?? "").split(" ").filter(Boolean);

/**
 * @param {any} section
 * @param {Node[]} children
 */
function showPanel(section, children) {
  const panel = make("div", { class: "share-panel", tabindex: "-1" }, ...children);
  first(".share-place", section).replaceChildren(panel);
  panel.focus();
  return panel;
}

/** @param {any} section */
const closeButton = (section) =>
  button(t("share.close"), "share-close", () => {
    first(".share-place", section).replaceChildren();
    first(".share-pick", section).focus();
  });

/** @param {any} section */
function offer(section) {
  const before = /** @type {any} */ (sharedBefore());
  const offered = latestWords(keysOf(section));
  if (!offered.length && !before) {
    showPanel(section, [make("p", { role: "status" }, t("share.nothing")), closeButton(section)]);
    return;
  }
  // What was shared elsewhere in the course stays shared: a packet says all that somebody gives.
  const elsewhere = latestWords(before?.keys ?? []).filter(([key]) => before && !offered.some(([own]) => own === key));
  const picks = [...offered, ...elsewhere].map(([key, answer]) => ({ key, answer, box: make("input", { type: "checkbox" }) }));
  for (const { key, box } of picks) box.checked = before ? before.keys.includes(key) : keysOf(section).length > 0;
  const name = make("input", { type: "text", autocomplete: "name", maxlength: mostShared.name });
  name.value = before?.name ?? "";
  const consent = section.dataset.consent ?? t("share.consent");
  const agreed = make("input", { type: "checkbox" });
  const status = make("p", { class: "share-status", role: "status" });

  /** @param {{key: string, answer: Entry}[]} chosen */
  const give = (chosen) => {
    const given = name.value.trim();
    const file = makePacket(before, chosen, given, consent);
    status.textContent = t(chosen.length ? "share.made" : "share.withdrawn", { file });
  };
  const makeFile = () => {
    const chosen = picks.filter(({ box }) => box.checked);
    if (!chosen.length) status.textContent = t("share.tick");
    else if (!agreed.checked) status.textContent = t("share.agree");
    else give(chosen);
  };
  showPanel(section, [
    ...(before?.keys.length ? [make("p", {}, t("share.again"))] : []),
    make("fieldset", {}, make("legend", {}, t("share.what")), ...picks.map(pickLabel)),
    make("p", {}, make("label", {}, t("share.name"), " ", name)),
    make("p", {}, make("label", { class: "share-consent" }, agreed, " ", make("span", {}, consent))),
    make("p", { class: "share-how" }, t("share.how")),
    make(
      "p",
      { class: "share-ways" },
      button(t("share.make"), "share-make", makeFile),
      ...(before?.keys.length ? [button(t("share.withdraw"), "share-withdraw", () => give([]))] : []),
      closeButton(section),
    ),
    status,
  ]);
}

/** @param {{answer: Entry, box: any}} pick */
function pickLabel({ answer, box }) {
  const words = make("span", { class: "share-words" }, answerText(answer));
  return make("label", { class: "share-answer" }, box, make("span", {}, make("span", { class: "label" }, answer.prompt ?? ""), words));
}

/**
 * @param {any} before
 * @param {{key: string, answer: Entry}[]} chosen
 * @param {string} name
 * @param {string} consent
 * @returns {string} what the file is called
 */
function makePacket(before, chosen, name, consent) {
  const latest = /** @type {any} */ (sharedBefore()) ?? before;
  const from = latest?.from ?? newId();
  const number = (latest?.number ?? 0) + 1;
  const entries = chosen.map(({ key, answer: { page = "", pageTitle = "", prompt = "", at, ...answer } }) => ({
    key, page, pageTitle, prompt, at, text: answerText(/** @type {any} */ (answer)),
  }));
  const { course } = session.island;
  const packet = { from, number, made: new Date().toISOString(), name, consent, entries };
  record(/** @type {any} */ ({ type: "shared", from, number, name, keys: chosen.map(({ key }) => key) })).saved.catch(console.error);
  return download(`packet-${number}.json`, packetFile(course, packet), "application/json");
}

/** @param {any} section */
function askForFiles(section) {
  const file = make("input", { type: "file", accept: ".json,application/json", multiple: "", hidden: "" });
  file.addEventListener("change", async () => showAll(section, await Promise.all([...file.files].map(readFile))));
  file.addEventListener("cancel", () => file.remove());
  // In the page: what is nowhere may be swept away while its learner is still choosing.
  first(".share-place", section).append(file);
  file.click();
}

/** @param {File} file @returns {Promise<string>} too much of it only, where it is too large */
const readFile = (file) =>
  file.size > mostShared.bytes ? Promise.resolve(" ".repeat(mostShared.bytes + 1)) : file.text();

/**
 * @param {any} section
 * @param {string[]} texts
 */
function showAll(section, texts) {
  if (texts.length) showPanel(section, [...texts.flatMap(shownPacket), closeButton(section)]);
}

/** @param {string} text @returns {any[]} */
function shownPacket(text) {
  try {
    const { name, consent, entries } = packetIn(text, session.island.course);
    if (!entries.length) return [make("p", { role: "status" }, t("share.empty"))];
    return [make("p", { class: "share-shown", role: "status" }, t("share.shown", { consent })), ...entries.map((entry) => besideOwn(name, entry))];
  } catch (error) {
    if (!(error instanceof Refused)) console.error("learnpath:", error);
    const why = error instanceof Refused ? error.message : "damaged";
    return [make("p", { class: "share-refused", role: "alert" }, t(`share.refused.${why}`))];
  }
}

/**
 * @param {string} name
 * @param {import("./packet.js").Shared} theirs
 */
function besideOwn(name, { key, prompt, pageTitle, text }) {
  const [own] = latestWords([session.aliases.checkpoints[key] ?? key]);
  const said = name ? t("share.theirs", { name }) : t("share.theirs.nameless");
  return make(
    "section",
    { class: "share-beside" },
    make("p", { class: "journal-page" }, pageTitle),
    make("p", { class: "journal-prompt", dir: "auto" }, prompt),
    make(
      "div",
      { class: "then-now" },
      make("div", { class: "share-theirs" }, make("p", { class: "label" }, said), wordsOf(text)),
      make(
        "div",
        {},
        make("p", { class: "label" }, t("share.yours")),
        own ? wordsOf(answerText(own[1])) : make("p", {}, t("share.yours.none")),
      ),
    ),
  );
}

for (const section of all("[data-share]")) {
  // All of its controls work from here on: none has to be clicked a second time.
  for (const control of all("[data-later]", section)) control.removeAttribute("data-later");
  first(".share-pick", section).addEventListener("click", () => offer(section));
  first(".share-open", section).addEventListener("click", () => askForFiles(section));
}
