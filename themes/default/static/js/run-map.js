// @ts-check
/**
 * One run drawn on the map: its ways in the order in which they were walked, each place numbered, in
 * the drawing and in the list alike. Loaded on a map when there is something to draw.
 */
import { all, button, first, make } from "./dom.js";
import { download } from "./files.js";
import { nameOfRun, runs } from "./run-names.js";
import { onState } from "./session.js";
import { reach } from "./store.js";
import { t } from "./strings.js";

/** @typedef {import("./runs.js").Run} Run */

const space = "http://www.w3.org/2000/svg";
/** The run that is shown; empty for none. */
let chosen = (location.hash.startsWith("#run-") && reach(() => decodeURIComponent(location.hash.slice(5)))) || "";

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {...(Node | string)} children
 */
function shape(tag, attributes, ...children) {
  const element = document.createElementNS(space, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** The pages of a run, as they were come to; a page that was opened again at once counts once. @param {Run} run */
function walk({ moments }) {
  const pages = moments.filter(({ type }) => type === "opened").map(({ page = "" }) => page);
  return pages.filter((page, at) => page !== pages[at - 1]);
}

/** At which places of the walk each page stands. @param {string[]} pages */
function placesOf(pages) {
  /** @type {Map<string, number[]>} */
  const places = new Map();
  pages.forEach((page, at) => places.set(page, [...(places.get(page) ?? []), at + 1]));
  return places;
}

/** @param {any} svg @param {string} page */
const nodeOf = (svg, page) => first(`a[data-page="${CSS.escape(page)}"]`, svg);

/** Where no line of the map leads, the learner went by another way: one is drawn. @param {any} from @param {any} to */
function jump(from, to) {
  const [a, b] = [from, to].map((node) => node.getBBox());
  const [x1, y1, x2, y2] = [a.x + a.width / 2, a.y + a.height / 2, b.x + b.width / 2, b.y + b.height / 2];
  // Bowed, so that it is not taken for a line of the map, nor hidden by one.
  const bow = 0.12;
  const [x, y] = [(x1 + x2) / 2 + (y2 - y1) * bow, (y1 + y2) / 2 - (x2 - x1) * bow];
  return shape("path", { class: "run-jump", d: `M${x1} ${y1}Q${x} ${y} ${x2} ${y2}` });
}

/** @param {any} node @param {number[]} places */
function badge(node, places) {
  const { x, y, width } = node.getBBox();
  const words = places.join(" · ");
  const half = Math.max(11, words.length * 4.4 + 6);
  const [middle, top] = [x + width - half * 0.6, y];
  return shape(
    "g",
    { class: "run-place", "aria-hidden": "true" },
    shape("rect", { x: middle - half, y: top - 11, width: 2 * half, height: 22, rx: 11 }),
    shape("text", { x: middle, y: top + 5, "text-anchor": "middle" }, words),
  );
}

/** @param {any} svg @param {string[]} pages */
function draw(svg, pages) {
  for (const old of all(".run-drawn", svg)) old.remove();
  const ways = new Set(pages.slice(1).map((page, at) => `${pages[at]}|${page}`));
  const drawn = new Set();
  for (const edge of all(".edge", svg)) {
    const way = `${edge.dataset.from}|${edge.dataset.to}`;
    edge.toggleAttribute("data-run", ways.has(way));
    drawn.add(way);
  }
  svg.toggleAttribute("data-run", pages.length > 0);
  const places = placesOf(pages);
  for (const node of all("a[data-page]", svg)) node.toggleAttribute("data-run", places.has(node.dataset.page));
  const jumps = [...ways].filter((way) => !drawn.has(way)).map((way) => way.split("|").map((page) => nodeOf(svg, page)));
  const lines = jumps.filter(([from, to]) => from && to && from !== to).map(([from, to]) => jump(from, to));
  const numbers = [...places].flatMap(([page, at]) => (nodeOf(svg, page) ? [badge(nodeOf(svg, page), at)] : []));
  first("a", svg)?.before(shape("g", { class: "run-drawn" }, ...lines));
  svg.append(shape("g", { class: "run-drawn" }, ...numbers));
}

/** The same in the list, beside each page. @param {any} list @param {string[]} pages */
function tell(list, pages) {
  for (const old of all(".run-told", list)) old.remove();
  for (const [page, places] of placesOf(pages)) {
    const entry = first(`.map-entry[data-page-card="${CSS.escape(page)}"]`, list);
    const words = t("map.run.place", { n: places.length, place: places.join(", "), of: pages.length });
    if (entry) (first(":scope > .map-around", entry) ?? first(".map-page", entry)).after(make("p", { class: "run-told" }, words));
  }
}

/** What the drawing looks like here, written into it: a file has no styles of the site. @param {any} svg */
function asFile(svg) {
  const copy = svg.cloneNode(true);
  const looks = ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font-size", "font-family", "display"];
  const [here, there] = [[svg, ...all("*", svg)], [copy, ...all("*", copy)]];
  here.forEach((element, at) => {
    const style = getComputedStyle(element);
    for (const name of looks) there[at].setAttribute(name, style.getPropertyValue(name));
    there[at].removeAttribute("href");
  });
  for (const name of ["width", "height"]) copy.setAttribute(name, svg.viewBox.baseVal[name]);
  return new XMLSerializer().serializeToString(copy);
}

/** @param {any} figure @param {Run[]} known */
function chooser(figure, known) {
  const option = (/** @type {Run} */ run) => make("option", { value: run.id }, nameOfRun(run, known));
  const select = make("select", {}, make("option", { value: "" }, t("map.run.none")), ...known.map(option));
  select.value = chosen;
  select.addEventListener("change", () => {
    chosen = select.value;
    apply();
  });
  const keep = button(t("map.run.download"), "run-download", () => download("svg", asFile(first(".map-scroll svg", figure)), "image/svg+xml"));
  keep.hidden = !chosen;
  const status = make("span", { class: "run-said", role: "status" });
  return make("p", { class: "run-tools" }, make("label", {}, t("map.run"), " ", select), " ", keep, " ", status);
}

function apply() {
  const known = runs().filter((run) => walk(run).length > 1);
  const run = known.find(({ id }) => id === chosen);
  if (!run) chosen = "";
  const pages = run ? walk(run) : [];
  for (const figure of all(".map-drawing")) {
    const svg = first(".map-scroll svg", figure);
    if (!first("a[data-page]", svg)) continue;
    const old = first(".run-tools", figure);
    const had = old?.contains(document.activeElement);
    const tools = chooser(figure, known);
    if (old) old.replaceWith(tools);
    else first(".map-tools", figure).after(tools);
    if (had) first("select", tools).focus();
    draw(svg, pages);
    if (run) first(".run-said", tools).textContent = t("map.run.said", { n: pages.length });
  }
  all(".map-list").forEach((list) => tell(list, pages));
}

onState(apply);
