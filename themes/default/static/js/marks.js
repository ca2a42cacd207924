// @ts-check
/** Orientation: links and cards of pages seen, the page one is on, pages listed once visited. */
import { all, set, show } from "./dom.js";
import { everVisited } from "./moments.js";
import { onState, session } from "./session.js";

/** @param {HTMLElement} element */
const idOf = ({ dataset }) => dataset.page ?? dataset.pageCard;

onState(function applyMarks() {
  const visited = everVisited(session.tree);
  const present = session.island.page || session.moment?.page;
  for (const element of all("a[data-page], [data-page-card]")) {
    const id = idOf(element);
    element.toggleAttribute("data-visited", visited.has(id));
    set(element, "aria-current", id === present ? "page" : null);
  }
  for (const card of all("[data-listed=visited]")) {
    show(card, visited.has(idOf(card)));
  }
});
