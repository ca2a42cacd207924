// @ts-check
/** The trail as files: one to read, and one for a program or another learner. */
import { nameOfRun } from "./run-names.js";
import { session } from "./session.js";
import { sharedRoute } from "./shared-trail.js";
import { t } from "./strings.js";
import { dateAndTime } from "./time.js";
import { answerText } from "./words.js";

/** @typedef {import("./moments.js").Entry} Entry */
/** @typedef {import("./runs.js").Run} Run */

/**
 * Every run with its places and the words written there, as Markdown that reads well raw.
 * @param {Run[]} known
 * @param {Map<string, Entry[]>} words
 */
export function trailMarkdown(known, words) {
  const lines = [`# ${session.island.title}: ${t("trail.heading")}`, ""];
  for (const run of known) {
    lines.push(`## ${nameOfRun(run, known)}`, "");
    for (const moment of run.moments) {
      lines.push(`- ${lineOf(moment)}`);
      for (const answer of words.get(moment.id) ?? []) lines.push(...quoted(answer));
    }
    lines.push("");
  }
  return lines.join("\n");
}

/** @param {Entry} moment */
function lineOf({ type, at, page = "", pageTitle = page, by, label, option = "", route }) {
  const what =
    type === "chose"
      ? t("trail.chose", { option: label || option })
      : type === "route"
        ? route
          ? t("trail.route", { route: sharedRoute(route, session.island)?.title ?? route })
          : t("trail.left")
        : type === "run"
          ? t("trail.afresh")
          : pageTitle + (by?.label ? ` (${t("trail.by", { option: by.label })})` : "");
  return `${what} (${dateAndTime(at)})`.replace(/\s+/g, " ");
}

/** @param {Entry} answer */
const quoted = (answer) => [
  "",
  `  *${(answer.prompt ?? "").replace(/\s+/g, " ")}*`,
  "",
  ...answerText(answer).split("\n").map((line) => `  > ${line}`),
  "",
];

/** Places only, without a word that was written. @param {Run[]} known */
export function trailFile(known) {
  const { course, title } = session.island;
  const runs = known.map((run) => ({
    name: run.name,
    moments: run.moments.map(({ id, parent = null, type, at, page, pageTitle, by, key, option, route }) => {
      const chosen = by?.block ? { key: by.block, option: by.option } : key ? { key, option } : {};
      return { id, parent, type, at, ...(page && { page, pageTitle }), ...chosen, ...(route !== undefined && { route }) };
    }),
  }));
  return JSON.stringify({ format: "learnpath-trail", version: 1, course, title, exported: new Date().toISOString(), runs }, null, 1);
}
