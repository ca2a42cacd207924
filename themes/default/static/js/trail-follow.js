// @ts-check
/** A trail that was handed on: shown, and followed as a route or left. */
import { button, first, make } from "./dom.js";
import { leave } from "./run-names.js";
import { record, refresh, session } from "./session.js";
import { most, routeIdOf, trailIn, trailOfFile } from "./shared-trail.js";
import { t } from "./strings.js";
import { lookUp, pageThere } from "./there.js";

/** @typedef {import("./there.js").There} There */
/** @typedef {{title: string, places: There[], gone: number}} Offered */

/**
 * The places of a trail that this course has; null where it has none.
 * @param {import("./shared-trail.js").Shared | null} shared
 * @returns {Promise<Offered | null>}
 */
async function offeredIn(shared) {
  if (!shared) return null;
  const { title, pages } = shared;
  await lookUp(pages);
  const there = /** @type {There[]} */ (pages.map(pageThere).filter(Boolean));
  // Former ids of one page are one place.
  const places = [...new Map(there.map((place) => [place.page, place])).values()];
  return places.length ? { title, places, gone: pages.length - there.length } : null;
}

/** @param {Offered | null} [shared] */
function show(shared) {
  const place = first(".trail-shared");
  place.hidden = !shared;
  if (!shared) return place.replaceChildren();
  const { title, places, gone } = shared;
  const links = places.map(({ page, title: name, url }) => make("li", {}, make("a", { href: url, "data-page": page, "data-edge": "shared" }, name)));
  place.replaceChildren(
    make("h2", { tabindex: "-1" }, t("trail.shared", { title })),
    make("p", {}, t("trail.shared.intro")),
    make("ol", {}, ...links),
    ...(gone ? [make("p", {}, t("trail.shared.gone", { n: gone }))] : []),
    make("p", {}, button(t("trail.follow"), "trail-follow", () => follow(shared)), " ", button(t("trail.ignore"), "trail-ignore", ignore)),
  );
}

function ignore() {
  history.replaceState(history.state, "", location.href.split("#")[0]);
  show();
}

/** The trail becomes the route of this path, until it is left; its first place is opened. @param {Offered} shared */
async function follow({ title, places }) {
  const { island, moment } = session;
  /** @type {import("./shared-trail.js").Step[]} */
  const steps = places.map(({ page, title: name, url }) => [page, name, url.slice(island.root.length)]);
  const route = routeIdOf(title || t("trail.heading"), island.url, steps);
  const { entry, saved } = record({ type: "route", parent: moment?.id ?? null, page: moment?.page ?? "", route });
  refresh(entry.id);
  await saved.catch(console.error);
  leave(places[0].url, places[0].page);
}

/** What the address carries, if it carries a trail. */
export async function offerTrail() {
  const shared = await offeredIn(trailIn(location.hash));
  if (shared) show(shared);
}

/**
 * A button that asks for a file.
 * @param {(words: string) => void} say
 */
export function takeTrail(say) {
  const file = make("input", { type: "file", accept: ".json,application/json", hidden: "" });
  file.addEventListener("change", async () => {
    const [chosen] = file.files;
    file.value = "";
    if (!chosen) return;
    const shared = chosen.size > most.file ? null : await offeredIn(trailOfFile(await chosen.text(), session.island.course));
    show(shared);
    if (shared) first(".trail-shared h2").focus();
    else say(t("trail.no-file"));
  });
  return make("span", {}, button(t("trail.open"), "trail-open", () => file.click()), file);
}
