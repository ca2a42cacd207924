// @ts-check
/** A learner's words as a file to read. */
import { download } from "./files.js";
import { session } from "./session.js";
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

/** @param {Entry[][]} answers */
export function downloadMarkdown(answers) {
  download("md", markdownOf(session.island.title, answers), "text/markdown");
}
