// @ts-check
/**
 * At the end of a page: a few others that could come next, and why, for who unfolds them. They stand
 * beside what the author offers on the page, and never in its place.
 */
import { all, first, make } from "./dom.js";
import { allSaid, saidOf } from "./pieces.js";
import { onState, session } from "./session.js";
import { t } from "./strings.js";
import { suggestions } from "./suggest.js";
import { saidWords, seenPages, suggestedCards } from "./suggested.js";
import { within } from "./within.js";

/** How many are offered; how many places of the trail, and pages around them, are looked at. */
const [most, places, around] = [3, 3, 12];

const fold = first(".next-ways");

/**
 * The pages near those that were seen last, and the ways between them; of a small course, all.
 * @param {string[]} seen
 * @returns {Promise<import("./suggest.js").Ways>}
 */
async function waysNear(seen) {
  const folder = `ways/${session.island.lang}`;
  const here = await saidOf(folder, seen.slice(0, places));
  const edges = [...here].flatMap(([id, [on, behind]]) => [
    ...on.map((/** @type {[string, string]} */ [type, to]) => [id, type, to]),
    ...behind.map((/** @type {[string, string]} */ [type, from]) => [from, type, id]),
  ]);
  const near = new Set(edges.flatMap(([from, , to]) => [from, to]).filter((id) => !seen.includes(id)));
  const known = new Map([...(await allSaid(folder)), ...(await saidOf(folder, [...near].slice(0, around))), ...here]);
  const pages = [...known]
    .filter(([, [, , title, url]]) => title && within(url))
    .map(([id, [, , title, url, topics]]) => [id, { title, url: session.island.root + url, topics }]);
  return { pages: Object.fromEntries(pages), edges: /** @type {any} */ (edges) };
}

/** What the page itself leads to stands on it already; a map in it leads to everything. */
const offeredHere = () =>
  all("main a[data-page]:not([data-edge=map])").filter((link) => !fold.contains(link)).map(({ dataset }) => dataset.page);

async function fill() {
  if (!fold.open) return;
  const seen = [...new Set([session.island.page, ...seenPages()])];
  const place = first(".next-place", fold);
  try {
    const ways = await waysNear(seen);
    const next = suggestions(ways, seen, saidWords(), { most, besides: offeredHere() });
    place.replaceChildren(
      make("p", {}, t(next.length ? "next.intro" : "next.none")),
      ...(next.length ? [suggestedCards(next, ways.pages)] : []),
    );
  } catch (error) {
    console.error("learnpath:", error);
    place.replaceChildren(make("p", {}, t("next.trouble")));
  }
}

if (fold) {
  fold.addEventListener("toggle", fill);
  onState(() => void fill());
}
