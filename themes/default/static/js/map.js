// @ts-check
/**
 * The map: the ways walked, and pages that are listed once visited. What its readers can do with it is
 * there to be seen at once, and loaded when the map comes near.
 */
import { all, first, set, show } from "./dom.js";
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
  if (isNear && walked.size) later("run-map").catch(console.error);
}

/** Is the map in sight, or about to be? */
let isNear = false;

onState(applyMap);

for (const box of all(".map-find")) show(box, true);
for (const svg of all(".map-drawing .map-scroll > svg")) show(first(".map-tools", svg.closest(".map-drawing")), true);
const near = new IntersectionObserver((seen) => {
  if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
  near.disconnect();
  isNear = true;
  later("map-tools").catch(console.error);
  if (session.facts) applyMap();
}, { rootMargin: "100%" });
for (const part of all(".map-list, .map-drawing")) near.observe(part);

/**
 * The plan leads here to pick a route: the button that begins it is pressed. Where the map has parts,
 * the way to each leads on to the button there.
 */
let isAsked = location.hash === "#pick";
if (isAsked && !first(".pick-route")) for (const way of all(".map-entry > .map-page, .map-drawing a")) set(way, "href", way.getAttribute("href") + "#pick");
onState(() => {
  if (isAsked) first(".pick-route")?.click();
  isAsked = false;
});
