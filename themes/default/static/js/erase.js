// @ts-check
/** Taking words away for good, at the learner's word. */
import { refresh, session, stamp } from "./session.js";

/** @typedef {import("./moments.js").Entry} Entry */

/**
 * Everything, or these answers and notes: from every rung of the store, half-typed drafts included.
 * One line stays, to say so.
 * @param {string[]} [keys]
 * @returns {Promise<boolean>} whether every rung let go
 */
export async function erase(keys) {
  const { store } = session;
  const named = (/** @type {Entry[]} */ list) =>
    list.filter(({ key = "" }) => keys?.includes(key)).map(({ id }) => id);
  const remove = named(store.log.filter((/** @type {Entry} */ { type }) => /^(answer|note|bookmark|plan)$/.test(type)));
  let whole = true;
  for (const shelf of store.shelves) {
    try {
      await shelf.write(keys ? { remove, gone: named((await shelf.read()).drafts) } : { clear: true });
    } catch {
      whole = false;
    }
  }
  await store.write({
    ...(keys ? { remove } : { clear: true }),
    log: [stamp({ type: "erased", ...(keys && { keys }) })],
  });
  refresh();
  return whole;
}
