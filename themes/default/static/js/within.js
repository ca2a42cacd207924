// @ts-check
/** Addresses that come from a log or a file, which may be another's. No document here. */

/**
 * A way inside the site, from its root: no scheme, no host, no way out of its folder. Anything else
 * is none.
 * @param {unknown} url
 */
export const within = (url) => (typeof url === "string" && /^(?!\/|\\)[^:\\]*$/.test(url) && !/^\.\.|\/\.\.\//.test(url) ? url : "");
