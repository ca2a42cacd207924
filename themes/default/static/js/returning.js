// @ts-check
/** Where a detour leads back to. No document here. */

/** @typedef {import("./moments.js").Entry} Entry */

/**
 * Where a detour returns to. Detours nest; any other step ends them.
 * @param {Entry[]} path
 * @returns {{moment: Entry, anchor: string} | undefined}
 */
export function returnOf(path) {
  /** @type {{moment: Entry, anchor: string}[]} */
  const open = [];
  /** @type {Entry | undefined} */
  let place;
  for (const moment of path.filter(({ type }) => type === "opened")) {
    const { edge, anchor = "" } = moment.by ?? {};
    if (edge === "detour" && place) open.push({ moment: place, anchor });
    else if (edge === "return") open.pop();
    else open.length = 0;
    place = moment;
  }
  return open.at(-1);
}
