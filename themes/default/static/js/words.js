// @ts-check
/** A learner's words as they are read. */
import { make } from "./dom.js";

/**
 * An option by the label it had when it was chosen, anything else as it was written.
 * @param {import("./moments.js").Entry} answer
 */
export const answerText = ({ label, value }) => label || String(value ?? "");

/** Lines that stand apart. What comes after them runs on: a file from elsewhere may have any number. */
const apart = 500;

/**
 * Paragraphs, so that line breaks stay without any styling.
 * @param {string} text
 */
export function wordsOf(text) {
  const lines = text.split(/\n+/);
  lines.push(...[lines.splice(apart).join(" ")].filter(Boolean));
  return make("blockquote", { class: "own-words" }, ...lines.map((line) => make("p", {}, line)));
}
