// @ts-check
/** The pages that a learner has been to. No document here. */
import { session } from "./session.js";

/** @typedef {import("./moments.js").Entry} Entry */

/** On this path, the latest first, and then on any other. */
export function seenPages() {
  const { tree, path } = session;
  const openings = (/** @type {Entry[]} */ moments) => moments.filter(({ type }) => type === "opened").map(({ page = "" }) => page);
  return [...new Set([...openings(path).reverse(), ...openings([...tree.moments.values()]).reverse()])];
}
