// @ts-check
/** Taking words away for good, at the learner's word. */
import { removeFrom } from "./removing.js";
import { refresh, session, stamp } from "./session.js";

/** @typedef {import("./moments.js").Entry} Entry */

/**
 * Everything, or these answers and notes: from every rung of the store, half-typed drafts included, and
 * from one that could not be read when the page opened. One line stays, to say so.
 * @param {string[]} [keys]
 * @returns {Promise<boolean>} whether every rung let go
 */
export async function erase(keys) {
  const { store } = session;
  const named = (/** @type {Entry[]} */ list) =>
    list.filter(({ key = "" }) => keys?.includes(key)).map(({ id }) => id);
  const own = (/** @type {Entry[]} */ log) => named(log.filter(({ type }) => /^(answer|note|bookmark|plan)$/.test(type)));
  let whole = true;
  for (const shelf of [...store.shelves, ...store.unread]) {
    try {
      const kept = keys && (await shelf.read());
      if (kept) await removeFrom(shelf, own(kept.log), named(kept.drafts));
      else await shelf.write({ clear: true });
    } catch {
      whole = false;
    }
  }
  await store.write({
    ...(keys ? { remove: own(store.log) } : { clear: true }),
    log: [stamp({ type: "erased", ...(keys && { keys }) })],
  });
  refresh();
  return whole;
}
