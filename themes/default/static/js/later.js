// @ts-check
/**
 * What most visits never use is loaded when it first is: by a script element, which works from disk
 * too. The page lists the bundles that it may load (`later` in its data); nothing else gets through.
 */
import { first, make } from "./dom.js";
import { onState, opening, session } from "./session.js";

/** From the name of a file to its address in the folder of our own. The page allows no other policy. */
const rules = {
  createScriptURL: (/** @type {string} */ file) => session.island.root + "assets/" + file.replace(/[^\w./-]/g, "").replace(/\.\.+/g, "."),
};
const policy = /** @type {any} */ (globalThis).trustedTypes?.createPolicy("learnpath", rules) ?? rules;

/**
 * Resolves when a script of that folder has run.
 * @param {string} file
 * @returns {Promise<any>}
 */
export const loadFile = (file) =>
  new Promise((load, error) => {
    const script = make("script", { load, error });
    script.src = policy.createScriptURL(file);
    document.head.append(script);
  });

/** What was asked for on this page, by bundle. @type {Record<string, Promise<void>>} */
export const loads = {};

/**
 * Resolves when a bundle has run; a second time, at once. One that cannot be had may be asked for again.
 * @param {string} bundle
 * @returns {Promise<void>}
 */
export function later(bundle) {
  return (loads[bundle] ??= new Promise((run, fail) => {
    const file = session.island.later?.[bundle];
    const error = () =>
      setTimeout(() => {
        delete loads[bundle];
        // A page that is being left, as it soon shows, loads nothing more, and nothing has gone wrong.
        if (!document.hidden) fail(Error("not loaded: " + bundle));
      }, 500);
    if (!file) return void error();
    loadFile(file).then(run, error);
  }));
}

/** A control of the page may name its bundle, `data-later`: its first click is made again when that has run. */
document.addEventListener("click", async (event) => {
  const control = /** @type {any} */ (event.target).closest("[data-later]");
  if (!control) return;
  event.preventDefault();
  await later(control.dataset.later);
  control.removeAttribute("data-later");
  control.click();
});

/** What the learner left here, or walks by, is shown without being asked for. */
onState(function fetchOwn() {
  const { path, tree, island, facts } = session;
  const { parent, by, rev } = opening() ?? {};
  const own = [...tree.own.values()].some(([{ page }]) => page && page === island.page);
  if (own) later("notes");
  if (path.some((/** @type {any} */ { by, route }) => by?.route || route || by?.edge === "detour")) later("route");
  const moved = Object.keys(facts.variables).some((name) => facts.variables[name] !== island.state[name].start);
  // Where there is a choice, its scripts bring the meters with them, if they do not come later.
  const asked = moved || first("[data-when], [data-state], [data-requires], [data-effects]");
  if (asked && first(".meters") && (island.later?.branch || !first("[data-choices]"))) later("meters");
  // Pages that were seen may have other words by now; so may this one, at a place that was there.
  if (first("[data-visited]:not([aria-current])") || rev !== island.rev) later("readings");
  // Who jumps to the start may have been elsewhere, and is offered to go on there.
  if (parent && !by && first(".resume")) later("resume");
  if (session.store.entries.size >= session.store.packOf) later("packs");
});
