// @ts-check
/** The map: the ways walked, the ways of one page, and pages that are listed once visited. */
import { all, first, show } from "./dom.js";
import { later } from "./later.js";
import { everVisited } from "./moments.js";
import { onState, session } from "./session.js";

/** Ways between pages that were walked on any branch, as `from|to`. */
function walkedWays() {
  const { moments } = session.tree;
  const ways = new Set();
  for (const { type, parent, page } of moments.values()) {
    const from = moments.get(parent);
    if (type === "opened" && from) ways.add(from.page + "|" + page);
  }
  return ways;
}

function applyMap() {
  const walked = walkedWays();
  const visited = everVisited(session.tree);
  const hidden = new Set();
  for (const { dataset } of all("[data-listed=visited]")) {
    const id = dataset.pageCard ?? dataset.page;
    if (!visited.has(id)) hidden.add(id);
  }
  for (const edge of all(".map-drawing [data-from]")) {
    const { from, to } = edge.dataset;
    edge.toggleAttribute("data-visited", walked.has(from + "|" + to));
    show(edge, !hidden.has(from) && !hidden.has(to));
  }
  for (const node of all(".map-drawing a[data-page]")) show(node, !hidden.has(node.dataset.page));
  if (walked.size) later("run-map").catch(console.error);
}

onState(applyMap);

/** The plan leads here to pick a route: the button that begins it is pressed. */
let isAsked = location.hash === "#pick";
onState(() => {
  if (isAsked) first(".pick-route")?.click();
  isAsked = false;
});
