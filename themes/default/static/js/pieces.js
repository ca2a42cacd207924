// @ts-check
/** What the build says of single pages: in which small file a page stands follows from its id. */
import { fetched } from "./data-files.js";

/** The same sum as the build's, of the bytes of an id. @param {string} id */
export function crc32(id) {
  let sum = -1;
  for (const byte of new TextEncoder().encode(id)) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 && 0xedb88320);
  }
  return ~sum >>> 0;
}

/** As many files may be asked for at once where all of a course is to be known. */
const few = 8;

/**
 * What is said of every page, where the course is small enough for that.
 * @param {string} folder
 * @param {number} [most] files that may be asked for
 * @returns {Promise<Map<string, any>>}
 */
export async function allSaid(folder, most = few) {
  const files = await fetched(`${folder}/index`);
  if (files > most) return new Map();
  const parts = await Promise.all(Array.from({ length: files }, (_, at) => fetched(`${folder}/${at}`)));
  return new Map(parts.flatMap(Object.entries));
}

/**
 * What is said of these pages, by id; a page that the course does not have is not in it.
 * @param {string} folder
 * @param {Iterable<string>} ids
 * @returns {Promise<Map<string, any>>}
 */
export async function saidOf(folder, ids) {
  const wanted = [...new Set(ids)];
  if (!wanted.length) return new Map();
  const files = await fetched(`${folder}/index`);
  const places = wanted.map((id) => /** @type {[string, number]} */ ([id, crc32(id) % files]));
  const needed = [...new Set(places.map(([, at]) => at))];
  const parts = new Map(await Promise.all(needed.map(async (at) => /** @type {[number, any]} */ ([at, await fetched(`${folder}/${at}`)]))));
  return new Map(places.flatMap(([id, at]) => (Object.hasOwn(parts.get(at), id) ? [[id, parts.get(at)[id]]] : [])));
}
