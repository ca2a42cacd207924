// @ts-check
/** A trail that was handed on: shown, and followed as a route or left. */
import { button, first, make } from "./dom.js";
import { leave } from "./run-names.js";
import { record, refresh, session } from "./session.js";
import { most, routeIdOf, trailIn, trailOfFile } from "./shared-trail.js";
import { t } from "./strings.js";

/** @typedef {import("./shared-trail.js").Shared} Shared */

const known = () => session.island.ways?.pages ?? {};

/** @param {Shared | null} [shared] */
function show(shared) {
  const place = first(".trail-shared");
  place.hidden = !shared;
  if (!shared) return place.replaceChildren();
  const { title, pages, gone } = shared;
  const links = pages.map((page) => make("li", {}, make("a", { href: known()[page].url, "data-page": page, "data-edge": "shared" }, known()[page].title)));
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

/** The trail becomes the route of this path, until it is left; its first place is opened. @param {Shared} shared */
async function follow({ title, pages }) {
  const { island, moment } = session;
  const folder = island.url.replace(/[^/]*$/, "");
  /** @type {import("./shared-trail.js").Step[]} */
  const steps = pages.map((page) => [page, known()[page].title, folder + known()[page].url]);
  const route = routeIdOf(title || t("trail.heading"), island.url, steps);
  const { entry, saved } = record({ type: "route", parent: moment?.id ?? null, page: moment?.page ?? "", route });
  refresh(entry.id);
  await saved.catch(console.error);
  leave(known()[pages[0]].url, pages[0]);
}

/** What the address carries, if it carries a trail. */
export function offerTrail() {
  const shared = trailIn(location.hash, known(), session.aliases.pages);
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
    const shared = chosen.size > most.file ? null : trailOfFile(await chosen.text(), session.island.course, known(), session.aliases.pages);
    show(shared);
    if (shared) first(".trail-shared h2").focus();
    else say(t("trail.no-file"));
  });
  return make("span", {}, button(t("trail.open"), "trail-open", () => file.click()), file);
}
