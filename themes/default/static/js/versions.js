// @ts-check
/** Earlier versions of an answer, beside its box. */
import { button, first, make } from "./dom.js";
import { isEmpty } from "./answer-form.js";
import { t } from "./strings.js";
import { dateAndTime } from "./time.js";
import { answerText, wordsOf } from "./words.js";

/** @typedef {import("./moments.js").Entry} Entry */

/**
 * What was merely continued is contained in what followed: it needs no line of its own here.
 * The journal and the export have every version.
 * @param {Entry[]} versions oldest first
 * @returns {Entry[]} newest first, without the present one
 */
export function earlierVersions(versions) {
  return versions
    .filter(
      ({ value }, i) =>
        i + 1 < versions.length &&
        !isEmpty(value) &&
        !String(versions[i + 1].value).startsWith(String(value)),
    )
    .reverse();
}

/**
 * @param {any} section
 * @param {Entry[]} versions
 * @param {(version: Entry) => void} use
 */
export function showVersions(section, versions, use) {
  const place = first(".versions", section);
  if (!place) return;
  const earlier = earlierVersions(versions);
  place.hidden = !earlier.length;
  const list = earlier.map((version) =>
    make(
      "li",
      {},
      make("p", { class: "when-written" }, dateAndTime(version.at)),
      wordsOf(answerText(version)),
      button(t("version.use"), "version-use", () => use(version)),
    ),
  );
  const details = first("details", place) ?? place.appendChild(make("details"));
  details.replaceChildren(make("summary", {}, t("versions", { n: earlier.length })), make("ol", {}, ...list));
}
