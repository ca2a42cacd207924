// @ts-check
/** Suggestions as they are shown: each page with the reason why. */
import { make } from "./dom.js";
import { session } from "./session.js";
import { t } from "./strings.js";
import { answerText } from "./words.js";

/** @typedef {import("./moments.js").Entry} Entry */

/** Pages that were seen: on this path, the latest first, and then on any other. */
export function seenPages() {
  const { tree, path } = session;
  const openings = (/** @type {Entry[]} */ moments) => moments.filter(({ type }) => type === "opened").map(({ page = "" }) => page);
  return [...new Set([...openings(path).reverse(), ...openings([...tree.moments.values()]).reverse()])];
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
