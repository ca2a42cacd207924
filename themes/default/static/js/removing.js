// @ts-check
/** Taking lines out of a shelf, those that were joined to one record (`packs.js`) as well. */

/** @typedef {import("./store.js").Shelf} Shelf */
/** @typedef {import("./store.js").Change} Change */

/**
 * What lies in a record of many goes last: a line that is joined meanwhile is found there.
 * @param {Shelf} shelf
 * @param {Change} change
 */
export async function removeFrom(shelf, change) {
  await shelf.write(change);
  const ids = new Set(change.remove);
  await shelf.transact?.("readwrite", (transaction) => {
    const log = transaction.objectStore("log");
    // Their ids are lists, which come after every text.
    const packs = log.getAll(IDBKeyRange.lowerBound([]));
    packs.onsuccess = () => {
      for (const { id, lines } of packs.result) {
        const left = lines.filter((/** @type {any} */ line) => !ids.has(line.id));
        if (left.length < lines.length) log.put({ id, lines: left });
      }
    };
    return true;
  });
}
