// @ts-check
/**
 * Pages whose words the author changed since the learner read them: said beside every link to one,
 * on the map, on the trail, and on the page itself when it is read again.
 */
import { all, first, make, set } from "./dom.js";
import { saidOf } from "./pieces.js";
import { isChanged, readingsIn } from "./readings.js";
import { gateOpen, onState, record, session } from "./session.js";
import { t } from "./strings.js";
import { dateAndTime } from "./time.js";

/** @typedef {import("./readings.js").Reading} Reading */

const space = "http://www.w3.org/2000/svg";
const words = () => t("changed.mark") + " " + t("changed.since");
let notes = 0;

/** @param {any} link */
const pageOf = ({ dataset }) => dataset.page ?? dataset.place;

/**
 * Beside the link, not in it: what an option or a page is called stays its name.
 * @param {any} link
 */
function noteFor(link) {
  const id = `learnpath-changed-${(notes += 1)}`;
  // Within a sentence, and in the list of a map, a word must do for the eye.
  const inLine = link.closest(".map-edges") || (link.closest(".prose") && !link.closest(".card, .option, nav"));
  const since = make("span", { class: inLine ? "visually-hidden" : null }, " " + t("changed.since"));
  link.setAttribute("aria-describedby", id);
  link.after(make("span", { class: "changed", id }, t("changed.mark"), since));
}

/** @param {any} link */
function unnote(link) {
  document.getElementById(link.getAttribute("aria-describedby"))?.remove();
  link.removeAttribute("aria-describedby");
}

/** In a drawing: a sign at the node's corner, and the words in its name. @param {any} link @param {boolean} changed */
function markNode(link, changed) {
  const [node, title] = [first(".node", link), first("title", link)];
  first(".node-changed", link)?.remove();
  link.dataset.title ??= title.textContent;
  title.textContent = link.dataset.title + (changed ? ` (${words()})` : "");
  set(link, "aria-label", changed ? title.textContent : null);
  if (!changed) return;
  const { x, y, width } = node.getBBox();
  link.append(drawn("path", { class: "node-changed", d: `M${x + width - 12} ${y - 8}${diamond}` }));
}

const diamond = "l8 8l-8 8l-8 -8z";

/** @param {string} tag @param {Record<string, any>} attributes */
function drawn(tag, attributes) {
  const element = document.createElementNS(space, tag);
  for (const [name, value] of Object.entries(attributes)) set(element, name, value);
  return element;
}

/** The sign in the key of a drawing, for as long as there is one in it. @param {any} figure */
function keyTo(figure) {
  first(".key-changed", figure)?.remove();
  if (!first(".node-changed", figure)) return;
  const sign = drawn("svg", { width: 20, height: 20, "aria-hidden": true });
  sign.append(drawn("path", { class: "node-changed", d: `M10 2${diamond}` }));
  first(".map-key", figure)?.append(make("li", { class: "key-changed" }, sign, " ", words()));
}

/** @param {any} link @param {boolean} changed */
function mark(link, changed) {
  if (link.hasAttribute("data-changed") === changed) return;
  link.toggleAttribute("data-changed", changed);
  if (link.namespaceURI === space) markNode(link, changed);
  else if (changed) noteFor(link);
  else unnote(link);
}

/**
 * Reading a page again at a place that was there makes no moment, so it is kept in a line of its own.
 * @param {Reading[]} readings of the page that is open
 */
function keepReading(readings) {
  const { page, rev, url, pageTitle } = session.island;
  const last = readings.at(-1);
  if (last && last.rev !== rev) {
    const moment = session.moment?.id ?? "";
    const { entry } = record({ type: "read", page, pageTitle, url, rev, moment });
    readings.push({ rev, at: entry.at });
  }
  // Said once: on this reading, and no more on the next.
  const [before, now] = readings.slice(-2);
  if (!now || Date.parse(now.at) < performance.timeOrigin - 1 || !isChanged(before, rev)) return;
  const words = t("changed.here", { date: dateAndTime(before.at) });
  first(".page-header")?.append(make("p", { class: "changed-here" }, words));
}

let kept = false;

async function applyChanged() {
  const { store, aliases, tree, island } = session;
  const readings = readingsIn(store.log, aliases.pages, tree.passed);
  if (!kept && island.page && (!session.requires || gateOpen())) keepReading(readings.get(island.page) ?? []);
  kept = true;
  const links = all("a[data-page][data-visited], a[data-place]");
  const asked = links.map(pageOf).filter((id) => readings.has(id));
  const said = await saidOf("revs", asked);
  for (const link of links) mark(link, isChanged(readings.get(pageOf(link))?.at(-1), said.get(pageOf(link))));
  for (const figure of all(".map-drawing")) keyTo(figure);
}

/** Where the files are not to be had, links are links. */
const apply = () => void applyChanged().catch(console.error);

onState(apply);
// What is unfolded may have been filled just now.
document.addEventListener("toggle", () => setTimeout(apply), true);
