// @ts-check
/** Earlier versions of an answer, beside its box: loaded when there are some. */
import { all, button, first, make } from "./dom.js";
import { onState } from "./session.js";
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
        String(value ?? "").trim() &&
        !String(versions[i + 1].value).startsWith(String(value)),
    )
    .reverse();
}

/** Can it be written to? What is arranged may be still to come. @param {any} section */
function isThere(section) {
  const place = first("[data-arrange]", section);
  return !place || place.arrangement;
}

/** @param {any} section of a checkpoint, or of a note */
function showVersions(section) {
  const place = first(".versions", section);
  const { checkpoint } = section;
  if (!place || !checkpoint) return;
  const earlier = earlierVersions(checkpoint.versions);
  place.hidden = !earlier.length;
  const list = earlier.map((version) =>
    make(
      "li",
      {},
      make("p", { class: "when-written" }, dateAndTime(version.at)),
      wordsOf(answerText(version)),
      button(t("version.use"), "version-use", () => isThere(section) && checkpoint.use(version.value ?? "")),
    ),
  );
  const details = first("details", place) ?? place.appendChild(make("details"));
  details.replaceChildren(make("summary", {}, t("versions", { n: earlier.length })), make("ol", {}, ...list));
}

onState(() => all("[data-checkpoint]").forEach(showVersions));
