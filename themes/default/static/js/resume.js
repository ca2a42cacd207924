// @ts-check
/**
 * Who comes to the start again is offered the place where they were. It is an offer: the page that
 * was asked for is the page that is shown.
 */
import { button, first, make, show } from "./dom.js";
import { openingOf, pathTo } from "./moments.js";
import { goTo } from "./run-names.js";
import { onState, opening, session } from "./session.js";
import { t } from "./strings.js";

onState(function offerResume() {
  const place = first(".resume");
  const here = opening();
  // Only a jump to the start: who follows a link to it means it.
  const before = here && !here.by && openingOf(pathTo(session.tree, here.parent));
  const due = Boolean(before && before.page !== here.page);
  show(place, due);
  if (!due) return;
  const { pageTitle = before.page } = before;
  const from = session.tree.moments.get(here.parent);
  place.replaceChildren(t("resume.last", { title: pageTitle }), " ", button(t("resume.go"), "resume-go", () => goTo(from)));
});
