// @ts-check
/**
 * A packet: answers that a learner chose to give away, with a name or none, and the words that were
 * agreed to. Whoever made one, it is only text until all of it was looked at. `learnpath gather`
 * reads the same: learnpath/packets.py.
 */
import { sha256 } from "./sha256.js";
import { isPlain, refuse } from "./take-in.js";

/** @typedef {{key: string, page: string, pageTitle: string, prompt: string, at: string, text: string}} Shared */
/** @typedef {{from: string, number: number, made: string, name: string, consent: string, entries: Shared[]}} Packet */

/** A larger file is no packet that somebody made. In bytes, entries, and letters of one field. */
export const mostShared = { bytes: 2_000_000, entries: 1_000, letters: 50_000, name: 300 };

const fields = /** @type {const} */ (["key", "page", "pageTitle", "prompt", "at", "text"]);
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/;

/** Half a character, and what nobody sees, have no place in a file for others. @param {string} text */
const clean = (text) => text.replace(/\p{Surrogate}/gu, "\ufffd").replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/g, "");

/**
 * @param {string} course
 * @param {Packet} packet
 */
function checksum(course, { from, number, made, name, consent, entries }) {
  const parts = entries.flatMap((entry) => fields.map((field) => entry[field]));
  return sha256(JSON.stringify([course, from, number, made, name, consent, ...parts]));
}

/**
 * The file's text. The checksum tells a file that was cut short or changed by hand; it is no signature.
 * @param {string} course
 * @param {Packet} packet
 */
export function packetFile(course, packet) {
  const { from, number, made } = packet;
  const entries = packet.entries.map((entry) =>
    Object.fromEntries(fields.map((field) => [field, clean(entry[field])])),
  );
  const whole = /** @type {any} */ ({ from, number, made, name: clean(packet.name), consent: clean(packet.consent), entries });
  const head = { format: "learnpath-packet", version: 1, course };
  return JSON.stringify({ ...head, ...whole, sha256: checksum(course, whole) }, null, 1) + "\n";
}

/**
 * @param {any} value
 * @param {number} [most]
 * @returns {string}
 */
function wordsIn(value, most = mostShared.letters) {
  if (typeof value !== "string" || value.length > most || /\p{Surrogate}/u.test(value)) refuse("damaged");
  return value;
}

/**
 * @param {any} value
 * @param {number} [most]
 */
function neededText(value, most) {
  const text = wordsIn(value, most);
  if (!text.trim()) refuse("damaged");
  return text;
}

/** @param {any} value */
function timeOf(value) {
  if (!isoTime.test(wordsIn(value))) refuse("damaged");
  return value;
}

/** @param {any} raw @returns {Shared} */
function sharedOf(raw) {
  if (!isPlain(raw)) refuse("damaged");
  const { name } = mostShared;
  return {
    key: neededText(raw.key, name),
    page: wordsIn(raw.page ?? "", name),
    pageTitle: wordsIn(raw.pageTitle ?? ""),
    prompt: wordsIn(raw.prompt ?? ""),
    at: timeOf(raw.at),
    text: neededText(raw.text),
  };
}

/** @param {string} text */
function parsedPacket(text) {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    return refuse("no-packet");
  }
}

/**
 * What somebody shared. Throws `Refused` where the file is not what it should be.
 * @param {string} text
 * @param {string} course the id of this course
 * @returns {Packet}
 */
export function packetIn(text, course) {
  if (text.length > mostShared.bytes) refuse("too-large");
  const data = parsedPacket(text);
  if (!isPlain(data) || data.format !== "learnpath-packet") return refuse("no-packet");
  if (!Number.isSafeInteger(data.version) || data.version > 1) return refuse("newer");
  if (data.course !== course) return refuse("other-course");
  const { number, entries } = data;
  if (!Number.isSafeInteger(number) || number < 0 || !Array.isArray(entries)) return refuse("damaged");
  if (entries.length > mostShared.entries) refuse("too-large");
  const packet = {
    from: neededText(data.from, 64),
    number,
    made: timeOf(data.made),
    name: wordsIn(data.name, mostShared.name),
    consent: neededText(data.consent),
    entries: entries.map(sharedOf),
  };
  if (new Set(packet.entries.map(({ key }) => key)).size < entries.length) refuse("damaged");
  if (data.sha256 !== checksum(course, packet)) refuse("changed");
  return packet;
}
