// @ts-check
/** A page opened as a detour says where it returns to: the very place, as a step forward. */
import { first, make, show } from "./dom.js";
import { returnOf } from "./returning.js";
import { onState, session } from "./session.js";
import { t } from "./strings.js";
import { within } from "./within.js";

onState(function applyDetour() {
  const place = first(".detour-return");
  if (!place) return;
  const back = returnOf(session.path);
  show(place, Boolean(back));
  if (!back) return;
  const { page = "", pageTitle = page, url = "" } = back.moment;
  const href = session.island.root + within(url) + (back.anchor && "#" + back.anchor);
  place.replaceChildren(
    make("a", { href, "data-page": page, "data-edge": "return" }, t("detour.back", { title: pageTitle })),
  );
});
