// @ts-check
/** This tab: the page it shows, the present moment, and the facts that hold there. */
import { all, first, json } from "./dom.js";
import { holds, namesIn } from "./conditions.js";
import { arrival, factsAt, gatePassed, openingOf, pathTo, treeOf, twin } from "./moments.js";
import { dataVersion, reach, Store } from "./store.js";

/** @typedef {import("./moments.js").Entry} Entry */

/**
 * Filled by `startSession`: island, store, aliases, requires; and for the present moment: tree,
 * moment, path, facts. Without facts nothing is known yet.
 * @type {any}
 */
export const session = {};

/** Names a document for as long as it lives; two tabs never share one. */
export const tab = newId();

export function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}

/**
 * One feature's mistake must not stop the others.
 * @param {() => void} work
 */
export function guarded(work) {
  try {
    work();
  } catch (error) {
    console.error("learnpath:", error);
  }
}

/** @type {(() => void)[]} */
const features = [];

/**
 * Bring the page in line with the state: now, if it is known, and after every change.
 * @param {() => void} apply
 */
export function onState(apply) {
  features.push(apply);
  if (session.facts) guarded(apply);
}

/**
 * Compute everything from the log again, and let every feature follow.
 * @param {string} [id] of the present moment
 */
export function refresh(id = session.moment?.id) {
  look(id);
  features.forEach(guarded);
}

/** @param {string | null | undefined} id */
function look(id) {
  session.tree = treeOf(session.store.log, session.aliases);
  session.moment = session.tree.moments.get(id) ?? session.tree.latest;
  session.path = pathTo(session.tree, session.moment?.id);
  session.facts = factsAt(session.tree, session.moment?.id, session.island.state);
}

/** Does anything this page keeps reach the next one? Firefox gives every local file its own store. */
export function alone() {
  const ownFile = location.protocol === "file:" && /firefox/i.test(navigator.userAgent);
  return ownFile || session.store.kind === "memory";
}

/**
 * Where pages cannot know of each other, a condition on anything elsewhere has no answer.
 * @param {any} tree
 */
export function unknown(tree) {
  const here = new Set(
    all("[data-choices], [data-checkpoint]").flatMap(({ dataset }) => [
      dataset.choices,
      dataset.checkpoint,
      dataset.of,
    ]),
  );
  return alone() && namesIn(tree).some(([kind, id]) => /^(var|route|visited)$/.test(kind) || !here.has(id));
}

/**
 * Add a line to the log. The state knows it at once; the promise tells when it is on the disk.
 * @param {Partial<Entry> & {type: string}} fields
 */
export function record(fields) {
  const entry = stamp(fields);
  note(entry.id);
  return { entry, saved: session.store.write({ log: [entry] }) };
}

/**
 * @param {Partial<Entry> & {type: string}} fields
 * @returns {Entry}
 */
export function stamp(fields) {
  const id = newId();
  const at = new Date().toISOString();
  return {
    v: dataVersion,
    id,
    device: deviceId(),
    run: "1",
    moment: id,
    seq: session.store.next,
    at,
    ...fields,
  };
}

/** Which lines this window wrote, should it be a shared computer's (`shared.js`). @param {string} id */
function note(id) {
  if (session.name) reach(() => (sessionStorage[session.name + ":mine"] += " " + id));
}

/** Set while nothing is to outlive this window, each time otherwise. */
const sharedMode = () => reach(() => sessionStorage[session.name + ":shared"]);

/** Tells apart the browsers of one learner, should their journals meet. Sent nowhere. */
function deviceId() {
  const { name, shared } = session;
  return name && (reach(() => ((shared ? sessionStorage : localStorage)[name + ":device"] ??= newId())) ?? tab);
}

/**
 * Take a step that stays on the page (an option, a route), or go forward to where it led before.
 * The new moment gets a place in the browser's history, so that Back returns from it.
 * @param {Partial<Entry> & {type: string}} step
 */
export function moveOn(step) {
  const { island, moment, tree } = session;
  const parent = moment?.id ?? null;
  const wanted = { ...step, page: island.page };
  const next = twin(tree, parent, wanted) ?? record({ ...wanted, parent }).entry;
  remember("pushState", next.id);
  refresh(next.id);
}

/**
 * @param {"pushState" | "replaceState"} how
 * @param {string} moment
 */
function remember(how, moment) {
  // Some browsers refuse after a hundred in half a minute.
  reach(() => history[how]({ ...history.state, learnpath: { moment } }, ""));
}

/** The step a link leads to, from the page that was left to the page that opens. */
const handOver = () => session.name + ":next";

/**
 * @param {any} link
 * @param {import("./moments.js").By | null} by
 * @param {string} [to] the moment to stand at again
 */
export function handOn(link, by, to = "") {
  const [url] = new URL(link.getAttribute("href"), location.href).href.split("#");
  const step = { from: session.moment?.id, page: link.dataset.page, url, by, to, at: Date.now() };
  reach(() => sessionStorage.setItem(handOver(), JSON.stringify(step)));
}

function followedStep() {
  const { page } = session.island;
  const step = json(reach(() => sessionStorage.getItem(handOver())));
  reach(() => sessionStorage.removeItem(handOver()));
  const meant = step?.page ? step.page === page : step?.url === location.href.split("#")[0];
  return meant && Date.now() - step.at < 60_000 ? step : null;
}

function arrive() {
  const { island, tree } = session;
  const step = followedStep();
  let { moment, parent, by } = arrival(tree, island.page, history.state?.learnpath?.moment ?? step?.to, step);
  if (!moment) {
    const { page, pageTitle, url, rev } = island;
    moment = stamp({ type: "opened", parent, by, page, pageTitle, url, rev });
    // Is its gate closed? Only at the moment itself can that be told, so look before it is kept.
    session.store.learn([moment]);
    look(moment.id);
    moment.gated = session.requires !== null && !gateOpen();
    session.store.write({ log: [moment] });
    note(moment.id);
  }
  look(moment.id);
  remember("replaceState", moment.id);
}

export function gateOpen() {
  const { requires, facts, tree, path, island } = session;
  return holds(requires, facts) || gatePassed(tree, path, island.page);
}

/** The page's opening at the present moment. */
export const opening = () => openingOf(session.path);

/** @param {any} island */
export async function startSession(island) {
  session.island = { state: {}, routes: [], ...island };
  const { pages = {}, ...aliases } = island.aliases ?? {};
  const checkpoints = { __proto__: null, ...aliases.checkpoints };
  for (const { dataset } of all("[data-aliases]")) {
    for (const former of dataset.aliases.split(" ")) checkpoints[former] = dataset.checkpoint;
  }
  session.aliases = { checkpoints, pages };
  session.requires = json(first("[data-requires]")?.dataset.requires);
  const { course } = island;
  const name = (session.name = course && (island.preview ? "learnpath-preview:" : "learnpath:") + course);
  // On a shared computer words live in the window's own store, and end with it. What lies in the
  // browser's, somebody else's maybe, is neither read nor touched.
  session.shared = sharedMode();
  document.documentElement.toggleAttribute("data-shared", Boolean(session.shared));
  const browser = session.shared ? { localStorage: sessionStorage } : globalThis;
  session.store = await new Store().open(name, /** @type {any} */ (browser));
  look(null);
  if (island.page) arrive();
  listen(name);
  // For the author's panel of the preview server.
  if (island.preview) /** @type {any} */ (globalThis).learnpath.author = { session, holds, namesIn, onState, moveOn, stamp };
  features.forEach(guarded);
}

/** @param {string} name */
function listen(name) {
  const { store, island } = session;
  const again = async () => {
    await store.reload();
    const { id } = session.moment ?? {};
    look(id);
    // Erased in another tab: the page is open all the same.
    if (island.page && session.moment?.id !== id) arrive();
    refresh();
  };
  store.onTrouble = () => refresh();
  addEventListener("popstate", () => {
    const moment = history.state?.learnpath?.moment;
    // A link to a heading makes an entry of its own: it belongs to the moment we are at.
    const known = session.tree.moments.has(moment);
    if (!known && island.page) remember("replaceState", session.moment.id);
    refresh(known ? moment : undefined);
  });
  addEventListener("pageshow", ({ persisted }) => {
    // The mode of a shared computer began or ended meanwhile: nothing of before is shown.
    if (persisted) sharedMode() === session.shared ? again() : location.reload();
  });
  // A tab that had to step down: what it puts there may come later than its word of it.
  addEventListener("storage", ({ key }) => key?.startsWith(name + ":log:") && again());
  const tabs = name && reach(() => new BroadcastChannel(name));
  if (!tabs) return;
  tabs.onmessage = again;
  store.onAdded = () => tabs.postMessage("added");
}
