// @ts-check
/** A learner's words as files of their own: one for machines, one for people. */
import { make } from "./dom.js";
import { session } from "./session.js";
import { sha256 } from "./sha256.js";
import { t } from "./strings.js";
import { dateAndTime } from "./time.js";
import { answerText } from "./words.js";

/** @typedef {import("./moments.js").Entry} Entry */

/**
 * Everything there is. `sha256` is taken over `JSON.stringify([log, drafts])`, which tells a file
 * that was cut short or changed by hand; it is no signature.
 * @param {{course: string, title: string}} course
 * @param {Entry[]} log
 * @param {Entry[]} drafts
 */
export function journalFile({ course, title }, log, drafts) {
  const checksum = sha256(JSON.stringify([log, drafts]));
  const exported = new Date().toISOString();
  return JSON.stringify(
    { format: "learnpath-journal", version: 1, course, title, exported, log, drafts, sha256: checksum },
    null,
    1,
  );
}

/**
 * Every version, page by page, as Markdown that reads well raw.
 * @param {string} title
 * @param {Entry[][]} answers versions, oldest first
 */
export function markdownOf(title, answers) {
  const lines = [`# ${title}`, ""];
  let page = "";
  for (const versions of answers) {
    const { pageTitle = "", prompt = "" } = versions[versions.length - 1];
    if (pageTitle !== page) lines.push(`## ${pageTitle}`, "");
    page = pageTitle;
    lines.push(`### ${prompt.replace(/\s+/g, " ")}`, "");
    for (const version of versions) {
      lines.push(
        `*${dateAndTime(version.at)}*`,
        "",
        ...answerText(version)
          .split("\n")
          .map((line) => `> ${line}`),
        "",
      );
    }
  }
  return lines.join("\n");
}

/**
 * @param {string} ending
 * @param {string} text
 * @param {string} type
 */
export function download(ending, text, type) {
  const name = `${session.island.course || t("file")}-${new Date().toISOString().slice(0, 10)}.${ending}`;
  const href = URL.createObjectURL(new Blob([text], { type }));
  make("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}

/** All rungs of the store are asked: words still being typed in another tab are there too. */
export async function downloadJournal() {
  const { store } = session;
  await store.reload().catch(console.error);
  const kept = await Promise.all(
    store.shelves.map((/** @type {any} */ shelf) => shelf.read().catch(() => ({ drafts: [] }))),
  );
  const { log } = store;
  const drafts = kept.flatMap((each) => each.drafts);
  download("json", journalFile(session.island, log, drafts), "application/json");
}

/** @param {Entry[][]} answers */
export function downloadMarkdown(answers) {
  download("md", markdownOf(session.island.title, answers), "text/markdown");
}
