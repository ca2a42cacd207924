// @ts-check
/**
 * A journal file, taken in: whoever wrote it, it is only text until all of it was looked at. What is
 * here already is never touched; what is wrong with a file is said, and then none of it is taken.
 */
import { dataVersion, versionOf } from "./store.js";
import { sha256 } from "./sha256.js";
import { within } from "./within.js";

/** @typedef {import("./moments.js").Entry} Entry */
/** @typedef {{log: Entry[], known: number}} Found lines that are new here, and how many were not */

/**
 * A larger file is no journal that somebody wrote. In bytes, lines, letters of one field that is
 * written or put together, and of one that names; the number of a line, which others count on from.
 */
export const most = { bytes: 30_000_000, lines: 100_000, letters: 1_000_000, name: 2_000, seq: 1_000_000_000 };

const kinds = ["opened", "read", "chose", "route", "run", "back", "named", "passed", "answer", "note", "bookmark", "plan", "shared", "help"];
const names = `id device run moment at type page pageTitle url how key option kind of asked draft tab from
  name rev`.split(/\s+/);
const texts = ["label", "prompt"];
const textsOrNone = ["parent", "route"];

/** A reason that is said to the learner, by its name in the catalogue. */
export class Refused extends Error {}

/** @param {string} why */
export const refuse = (why) => {
  throw new Refused(why);
};

/**
 * @param {unknown} value
 * @param {number} [longest]
 */
const isText = (value, longest = most.letters) => typeof value === "string" && value.length <= longest;

/** @param {unknown} value */
const isName = (value) => isText(value, most.name);

/** @param {unknown} value */
const isCount = (value) => Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= most.seq;

/** @param {unknown} value */
export const isPlain = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The step that led to a moment: names, and effects as the course writes them.
 * @param {any} by
 */
function stepOf(by) {
  if (by === null || by === undefined) return null;
  if (!isPlain(by)) return refuse("damaged");
  /** @type {any} */
  const step = {};
  for (const key of ["block", "option", "label", "edge", "route", "anchor"]) {
    if (by[key] === undefined || by[key] === null) continue;
    if (!(key === "label" || key === "route" ? isText : isName)(by[key])) refuse("damaged");
    step[key] = by[key];
  }
  if (by.effects !== undefined) step.effects = effectsOf(by.effects);
  return step;
}

/** @param {any} effects */
function effectsOf(effects) {
  const fits = (/** @type {any} */ effect) =>
    Array.isArray(effect) &&
    effect.length === 3 &&
    isName(effect[0]) &&
    /^[=+-]$/.test(effect[1]) &&
    (isName(effect[2]) || typeof effect[2] === "boolean" || Number.isFinite(effect[2]));
  if (!Array.isArray(effects) || effects.length > 100 || !effects.every(fits)) return refuse("damaged");
  return effects.map((effect) => [...effect]);
}

/**
 * One line, made anew of the fields that a line has; whatever else is in it stays outside.
 * @param {any} raw
 * @returns {any}
 */
function lineOf(raw) {
  if (!isPlain(raw) || !isName(raw.id) || !raw.id || !isName(raw.at) || !isName(raw.type)) refuse("damaged");
  if (!isCount(raw.seq) || !Number.isSafeInteger(raw.v)) refuse("damaged");
  if (raw.v > dataVersion) refuse("newer");
  /** @type {any} */
  const line = { v: raw.v, seq: raw.seq };
  for (const key of [...names, ...texts]) {
    if (raw[key] === undefined || raw[key] === null) continue;
    if (!(texts.includes(key) ? isText : isName)(raw[key])) refuse("damaged");
    line[key] = raw[key];
  }
  // An address is a way inside the site: no scheme, no host, no way out of its folder.
  if (line.url && !within(line.url)) refuse("damaged");
  for (const key of textsOrNone) {
    if (raw[key] === null || isText(raw[key])) line[key] = raw[key];
    else if (raw[key] !== undefined) refuse("damaged");
  }
  if (raw.value !== undefined) {
    if (!isText(raw.value) && !Number.isFinite(raw.value)) refuse("damaged");
    line.value = raw.value;
  }
  if (raw.number !== undefined) {
    if (!isCount(raw.number)) refuse("damaged");
    line.number = raw.number;
  }
  if (raw.keys !== undefined) {
    if (!Array.isArray(raw.keys) || raw.keys.length > 10_000 || !raw.keys.every(isName)) refuse("damaged");
    line.keys = [...raw.keys];
  }
  if (typeof raw.gated === "boolean") line.gated = raw.gated;
  if (raw.by !== undefined) line.by = stepOf(raw.by);
  if (raw.effects !== undefined) line.effects = effectsOf(raw.effects);
  return line;
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return refuse("no-journal");
  }
}

/** What is nested so deeply that it cannot be written out was not written by us. @param {unknown} data */
function writtenOut(data) {
  try {
    return JSON.stringify(data);
  } catch {
    return refuse("damaged");
  }
}

/**
 * What a file would add. Nothing is changed yet. Throws `Refused` where it cannot be taken in.
 * @param {string} text
 * @param {string} course the id of this course
 * @param {Map<string, Entry>} entries what is here
 * @returns {Found}
 */
export function foundIn(text, course, entries) {
  if (text.length > most.bytes) refuse("too-large");
  const data = parsed(text);
  if (!isPlain(data) || data.format !== "learnpath-journal") return refuse("no-journal");
  if (!Number.isSafeInteger(data.version) || data.version > 1) return refuse("newer");
  const { log, drafts = [] } = data;
  if (data.course !== course) return refuse("other-course");
  if (!Array.isArray(log) || !Array.isArray(drafts)) return refuse("damaged");
  if (log.length + drafts.length > most.lines) return refuse("too-large");
  if (data.sha256 !== sha256(writtenOut([log, drafts]))) return refuse("changed");
  // A file's own erasures were its device's: they take nothing from here.
  const lines = log.map(lineOf).filter(({ type }) => kinds.includes(type));
  const versions = drafts.map((draft) => versionOf(lineOf(draft)));
  const values = new Set(lines.map(({ key, value }) => JSON.stringify([key, value])));
  const all = [...lines, ...versions.filter(({ key, value }) => !values.has(JSON.stringify([key, value])))];
  const fresh = new Map(all.filter(({ id }) => !entries.has(id)).map((line) => [line.id, line]));
  return { log: [...fresh.values()], known: all.length - fresh.size };
}
