// @ts-check
/**
 * At the end of a page: a few others that could come next, and why, for who unfolds them. They stand
 * beside what the author offers on the page, and never in its place.
 */
import { all, first, make } from "./dom.js";
import { seenPages } from "./seen.js";
import { onState, session } from "./session.js";
import { t } from "./strings.js";
import { suggestions } from "./suggest.js";
import { saidWords, suggestedCards, waysNear } from "./suggested.js";

/** How many are offered, and how many places of the trail are looked at for them. */
const [most, places] = [3, 3];

const fold = first(".next-ways");

/** What the page itself leads to stands on it already; a map in it leads to everything. */
const offeredHere = () =>
  all("main a[data-page]:not([data-edge=map])").filter((link) => !fold.contains(link)).map(({ dataset }) => dataset.page);

async function fill() {
  if (!fold.open) return;
  const seen = [...new Set([session.island.page, ...seenPages()])];
  const place = first(".next-place", fold);
  try {
    const ways = await waysNear(seen, places);
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
