// @ts-check
/** The preview's side in the browser: a plugin of livereload, which keeps the line to the server. */
import { keepPlace, restorePlace } from "./place.js";
import { fetchEdition, swapEdition } from "./swap.js";
import { showNotes, showSilence } from "./panel.js";
import { startAuthor } from "./author.js";

/** @typedef {import("./swap.js").Edition} Edition */

const patience = 3000;

const live = /** @type {any} */ (globalThis).LiveReload;

/** What is shown, as the server called it when it sent it. */
let digest = digestSent();

/** @type {Edition | null} what the page was made from, once it is known */
let shown = null;

let leaving = false;

function digestSent() {
  const [navigation] = /** @type {any[]} */ (performance.getEntriesByType("navigation"));
  return navigation?.serverTiming?.find(({ name }) => name === "learnpath")?.description ?? "";
}

/** Fetch, beside the page, what it was made from, to be compared with its next edition. */
async function learnEdition() {
  const edition = await fetchEdition();
  if (edition && edition.digest === digest) shown ??= edition;
}

/** One renewal after the other; what is told meanwhile is one more. */
let renewing = Promise.resolve();

function renew() {
  renewing = renewing.then(renewOnce).catch(reload);
}

async function renewOnce() {
  const next = leaving ? null : await fetchEdition();
  if (!next || next.digest === digest) return;
  if (!shown || !swapEdition(shown.document, next.document)) return reload();
  shown = next;
  digest = next.digest;
  live.analyze();
  document.dispatchEvent(new CustomEvent("learnpath-preview-swapped"));
}

function reload() {
  if (leaving) return;
  leaving = true;
  keepPlace();
  location.reload();
}

async function renewNotes() {
  try {
    showNotes(await (await fetch("/learnpath-notes.json")).json());
  } catch {} // the server went; when it is back it is asked again
}

class Plugin {
  static identifier = "learnpath";
  static version = "1";

  analyze() {
    return { digest };
  }

  /** @param {string} what */
  reload(what) {
    if (what === "learnpath:page") renew();
    else if (what === "learnpath:notes") renewNotes(), startAuthor();
    else return false;
    return true;
  }
}

/** livereload's script knows neither IPv6 nor port 80, and waits up to a minute to try again. */
function mend(/** @type {any} */ connector) {
  const uri = `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/livereload`;
  connector.options.mindelay = 500;
  connector.options.maxdelay = 1000;
  if (connector._uri === uri) return;
  connector._uri = uri;
  connector.disconnect();
  connector.connect();
}

/** @type {number | undefined} */
let silence;

document.addEventListener("LiveReloadConnect", () => {
  clearTimeout(silence);
  silence = undefined;
  learnEdition();
  renewNotes();
  startAuthor();
});
document.addEventListener("LiveReloadDisconnect", () => {
  silence ??= setTimeout(showSilence, patience);
});
restorePlace();
if (live?.connector) {
  live.addPlugin(Plugin);
  mend(live.connector);
}
