// @ts-check
/** The words a learner reads, in the language of the page. The build puts them before this code. */

/** @type {Record<string, string>} */
const catalogue = ((/** @type {any} */ (globalThis).learnpath ??= {}).strings ??= {});

/**
 * The text for a key, with its `{placeholders}` filled. With `n`, the form for one or for many.
 * A key that is missing is shown itself: better an odd word than a broken page.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  const form = "n" in values ? key + (values.n === 1 ? ".one" : ".other") : key;
  const text = catalogue[form] ?? catalogue[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
