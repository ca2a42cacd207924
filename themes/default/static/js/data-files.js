// @ts-check
/**
 * Data that the build put into small files beside the scripts, each loaded when it is first asked
 * for. A file calls `learnpath.arrived` with its name and what it holds. No document here.
 */
import { loadFile } from "./later.js";

const site = /** @type {any} */ (globalThis).learnpath;
/** What came, by name: one table, however many bundles ask. @type {Record<string, any>} */
const arrived = (site.data ??= {});
site.arrived ??= (/** @type {string} */ name, /** @type {any} */ data) => {
  arrived[name] = data;
};

/** @type {Record<string, Promise<any>>} */
const coming = {};

/**
 * What a file holds; one that cannot be had may be asked for again.
 * @param {string} name
 * @param {string} [folder] that it lies in, where its name does not say so
 * @returns {Promise<any>}
 */
export async function fetched(name, folder = "") {
  coming[name] ??= loadFile(`${folder}${name}.js`).then(() => arrived[name]);
  try {
    return await coming[name];
  } catch (error) {
    delete coming[name];
    throw error;
  }
}
