// @ts-check
/** Files for the learner. */
import { make } from "./dom.js";
import { session } from "./session.js";
import { t } from "./strings.js";

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
