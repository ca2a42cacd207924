// @ts-check
/** Taking lines out of a shelf, those that were joined to one record (`packs.js`) as well. */

/** @typedef {import("./store.js").Shelf} Shelf */

/**
 * All of it at once, or nothing.
 * @param {Shelf} shelf
 * @param {string[]} remove ids of lines
 * @param {string[]} [gone] ids of drafts
 * @returns {Promise<any>}
 */
export function removeFrom(shelf, remove, gone = []) {
  if (!shelf.transact) return shelf.write({ remove, gone });
  const ids = new Set(remove);
  return shelf.transact("readwrite", (transaction) => {
    const [log, drafts] = ["log", "drafts"].map((kind) => transaction.objectStore(kind));
    for (const id of ids) log.delete(id);
    for (const id of gone) drafts.delete(id);
    // The ids of records of many are lists, which come after every text.
    const packs = log.getAll(IDBKeyRange.lowerBound([]));
    packs.onsuccess = () => packs.result.forEach((pack) => removeFromPack(log, pack, ids));
    return packs;
  });
}

/**
 * @param {IDBObjectStore} log
 * @param {any} pack
 * @param {Set<string>} ids
 */
function removeFromPack(log, pack, ids) {
  const lines = pack.lines.filter((/** @type {any} */ { id }) => !ids.has(id));
  if (!lines.length) log.delete(pack.id);
  else if (lines.length < pack.lines.length) log.put({ ...pack, lines });
}
