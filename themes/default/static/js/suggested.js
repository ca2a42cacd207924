// @ts-check
/** Suggestions as they are shown: each page with the reason why. */
import { make } from "./dom.js";
import { allSaid, saidOf } from "./pieces.js";
import { session } from "./session.js";
import { t } from "./strings.js";
import { within } from "./within.js";
import { answerText } from "./words.js";

/** How many pages around those that were seen are looked at. */
const around = 12;

/**
 * The pages near those that were seen last, and the ways between them; of a small course, all.
 * @param {string[]} seen the latest first
 * @param {number} places so many of them
 * @returns {Promise<import("./suggest.js").Ways>}
 */
export async function waysNear(seen, places) {
  const folder = `ways/${session.island.lang}`;
  const here = await saidOf(folder, seen.slice(0, places));
  const edges = [...here].flatMap(([id, [on, behind]]) => [
    ...on.map((/** @type {[string, string]} */ [type, to]) => [id, type, to]),
    ...behind.map((/** @type {[string, string]} */ [type, from]) => [from, type, id]),
  ]);
  const near = new Set(edges.flatMap(([from, , to]) => [from, to]).filter((id) => !seen.includes(id)));
  const known = new Map([...(await allSaid(folder)), ...(await saidOf(folder, [...near].slice(0, around))), ...here]);
  const pages = [...known]
    .filter(([, [, , , url, , apart]]) => !apart && within(url))
    .map(([id, [, , title, url, topics]]) => [id, { title, url: session.island.root + url, topics }]);
  return { pages: Object.fromEntries(pages), edges: /** @type {any} */ (edges) };
}

/** What the learner wrote last, of each question. @returns {string[]} */
export const saidWords = () =>
  [...session.tree.versions.values()].map((versions) => answerText(versions[versions.length - 1]));

/**
 * @param {import("./suggest.js").Suggestion[]} next
 * @param {Record<string, {title: string, url: string}>} pages with addresses from this page
 */
export function suggestedCards(next, pages) {
  const cards = next.map(({ page, why, of }) =>
    make(
      "li",
      { class: "card" },
      make("a", { class: "card-link", href: pages[page].url, "data-page": page, "data-edge": "suggested" }, pages[page].title),
      make("p", { class: "card-facts" }, make("span", {}, t(`next.${why}`, { of }))),
    ),
  );
  return make("ul", { class: "cards", role: "list" }, ...cards);
}
