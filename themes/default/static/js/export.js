// @ts-check
/** Everything there is, as a file that another browser can take in. */
import { download } from "./files.js";
import { session } from "./session.js";
import { sha256 } from "./sha256.js";

/** @typedef {import("./moments.js").Entry} Entry */

/**
 * Everything there is. `sha256` is taken over `JSON.stringify([log, drafts])`, which tells a file
 * that was cut short or changed by hand; it is no signature.
 * @param {{course: string, title: string}} course
 * @param {Entry[]} log
 * @param {Entry[]} drafts
 */
export function journalFile({ course, title }, log, drafts) {
  const checksum = sha256(JSON.stringify([log, drafts]));
  const exported = new Date().toISOString();
  return JSON.stringify(
    { format: "learnpath-journal", version: 1, course, title, exported, log, drafts, sha256: checksum },
    null,
    1,
  );
}

/** All rungs of the store are asked: words still being typed in another tab are there too. */
export async function downloadJournal() {
  const { store } = session;
  await store.reload();
  const kept = await Promise.all(
    store.shelves.map((/** @type {any} */ shelf) => shelf.read().catch(() => ({ drafts: [] }))),
  );
  const { log } = store;
  const drafts = kept.flatMap((each) => each.drafts);
  download("json", journalFile(session.island, log, drafts), "application/json");
}
