// @ts-check
/**
 * What the course has today of that which a learner's words belong to: pages, and the places where
 * questions are asked. Each is looked up by its id, in the small files of the build, once.
 */
import { allSaid, saidOf } from "./pieces.js";
import { session } from "./session.js";

/** @typedef {{page: string, title: string, url: string, topics: string[], apart?: number}} There `url` as seen from here */

/** What was found, by folder and id: null is what the course has no longer. @type {Record<string, Map<string, any>>} */
const found = { asked: new Map(), ways: new Map() };
const lookedFor = new Set();

const folders = { asked: () => "asked", ways: () => `ways/${session.island.lang}` };

/** @param {"asked" | "ways"} kind @param {Iterable<string>} ids */
const unknown = (kind, ids) => [...new Set(ids)].filter((id) => id && !lookedFor.has(`${kind} ${id}`));

/** What cannot be had stays unknown, and nothing is said of it. @param {"asked" | "ways"} kind @param {string[]} ids */
async function find(kind, ids) {
  for (const id of ids) lookedFor.add(`${kind} ${id}`);
  try {
    const said = await saidOf(folders[kind](), ids);
    for (const id of ids) found[kind].set(id, said.get(id) ?? null);
  } catch (error) {
    console.error("learnpath:", error);
  }
}

/** Few files may be fetched before it is known which of them are needed. */
const ahead = 2;

/** What is looked up in the end comes meanwhile, where the words themselves take a while to be read. */
export function expectLookUp() {
  // What cannot be had is told when it is needed.
  for (const folder of [folders.asked(), folders.ways()]) allSaid(folder, ahead).catch(() => {});
}

/** @param {string} id */
const today = (id) => (Object.hasOwn(session.aliases.pages, id) ? session.aliases.pages[id] : id);

/**
 * Look up what is not known yet; undefined where there is nothing to look up.
 * @param {Iterable<string>} pages
 * @param {Iterable<string>} [keys] of checkpoints, which may be former ones
 * @returns {Promise<boolean> | undefined} whether a question has another id by now
 */
export function lookUp(pages, keys = []) {
  const [places, questions] = [unknown("ways", [...pages].map(today)), unknown("asked", keys)];
  if (!places.length && !questions.length) return undefined;
  return (async () => {
    await find("asked", questions);
    let isRenamed = false;
    const homes = questions.flatMap((key) => {
      const [page, id] = found.asked.get(key) ?? [];
      if (id) session.aliases.checkpoints[key] = id;
      isRenamed ||= Boolean(id);
      return page ? [page] : [];
    });
    await find("ways", unknown("ways", [...places, ...homes]));
    return isRenamed;
  })();
}

/**
 * A page as it is today; null where it is gone, undefined where nothing is known of it.
 * @param {string} id
 * @returns {There | null | undefined}
 */
export function pageThere(id) {
  const said = found.ways.get(today(id));
  if (!said) return said;
  const [, , title, url, topics, apart] = said;
  return { page: today(id), title, url: session.island.root + url, topics, apart };
}

/**
 * Where a question is asked today; null where it is gone, undefined where nothing is known of it.
 * @param {string} key
 * @returns {There | null | undefined}
 */
export function askedThere(key) {
  const said = found.asked.get(key);
  const place = said && pageThere(said[0]);
  return place ? { ...place, url: `${place.url}#${encodeURIComponent(said[1] ?? key)}` } : said && place;
}
