// @ts-check
/**
 * A log of years is read several times as fast when its lines lie together: two hundred in a record.
 * They are joined while nothing else is to be done, each record in one transaction: whatever happens
 * meanwhile, every line is there once.
 */
import { newId, session } from "./session.js";

/** To a release that knows no such records they are newer data, which it does not add to. */
const packVersion = 2;

const whenIdle = globalThis.requestIdleCallback ?? setTimeout;

/** Join as many lines as make a record; whether there were that many. @returns {Promise<boolean>} */
async function join() {
  const { packOf, rung, shelves } = session.store;
  let joined = false;
  const work = (/** @type {IDBTransaction} */ transaction) => {
    const log = transaction.objectStore("log");
    const loose = log.getAll(IDBKeyRange.upperBound([], true), packOf);
    loose.onsuccess = () => {
      const lines = loose.result;
      if (lines.length < packOf) return;
      joined = true;
      log.put({ id: [newId()], v: packVersion, lines });
      log.delete(IDBKeyRange.bound(lines[0].id, lines[packOf - 1].id));
    };
    return loose;
  };
  await shelves[rung].transact?.("readwrite", work);
  return joined;
}

const again = () => whenIdle(() => join().then((more) => more && again(), console.error));
again();
