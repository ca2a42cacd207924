// @ts-check
/**
 * Who comes to the start again is offered the place where they were. It is an offer: the page that
 * was asked for is the page that is shown.
 */
import { button, first, make, show } from "./dom.js";
import { openingOf, pathTo } from "./moments.js";
import { saidOf } from "./pieces.js";
import { goTo } from "./run-names.js";
import { onState, opening, session } from "./session.js";
import { t } from "./strings.js";

onState(function offerResume() {
  const place = first(".resume");
  const here = opening();
  // Only a jump to the start: who follows a link to it means it.
  const before = here && !here.by && openingOf(pathTo(session.tree, here.parent));
  const due = Boolean(before && before.page !== here.page);
  if (!due) return show(place, false);
  const { pageTitle = before.page } = before;
  const from = session.tree.moments.get(here.parent);
  const offer = () => show(place, true);
  // A page that is gone is no place to go on at; where nobody can tell, the offer stands.
  saidOf("revs", [before.page]).then((said) => said.size && offer(), offer);
  place.replaceChildren(t("resume.last", { title: pageTitle }), " ", button(t("resume.go"), "resume-go", () => goTo(from)));
});
