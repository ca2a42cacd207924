// @ts-check
/** A learner's words as a file to read. */
import { make } from "./dom.js";
import { session } from "./session.js";
import { t } from "./strings.js";
import { dateAndTime } from "./time.js";
import { answerText } from "./words.js";

/** @typedef {import("./moments.js").Entry} Entry */

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
 * @returns {string} what the file is called
 */
export function download(ending, text, type) {
  const name = `${session.island.course || t("file")}-${new Date().toISOString().slice(0, 10)}.${ending}`;
  const href = URL.createObjectURL(new Blob([text], { type }));
  make("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
  return name;
}

/** @param {Entry[][]} answers */
export function downloadMarkdown(answers) {
  download("md", markdownOf(session.island.title, answers), "text/markdown");
}
