// @ts-check
/** The start of every page. Whatever goes wrong, the text is shown in the end. */
import { first, json, keepWords } from "./dom.js";
import { loads } from "./later.js";
import { guarded, startSession } from "./session.js";
import { reach } from "./store.js";

/** @param {boolean} known */
function ready(known) {
  // Without a state the page stays as it is without scripts: all of it, with conditions in words.
  if (!known) keepWords(document);
  document.documentElement.setAttribute("data-ready", known ? "" : "failed");
}

/** All scripts of the page have run by then, so that nothing is shown that one of them closes. */
const parsed = new Promise((done) => document.addEventListener("DOMContentLoaded", done));

/** What is closed or opened just now moves the place that a link with an anchor leads to. */
function stayAtAnchor() {
  const [visit] = /** @type {any[]} */ (performance.getEntriesByType("navigation"));
  const target = document.getElementById(reach(() => decodeURIComponent(location.hash.slice(1))) ?? "");
  if (!target || visit?.type !== "navigate") return;
  const go = () => target.scrollIntoView({ behavior: "instant" });
  let byHand = false;
  for (const type of ["wheel", "pointerdown", "keydown"]) addEventListener(type, () => (byHand = true), { once: true });
  const again = () => byHand || go();
  go();
  // What loads after us, such as pictures or what the learner left here, moves it once more.
  addEventListener("load", again);
  Promise.allSettled(Object.values(loads)).then(again);
}

async function start() {
  try {
    await startSession(json(first("#learnpath-page").textContent));
    await parsed;
    ready(true);
    guarded(stayAtAnchor);
  } catch (error) {
    console.error("learnpath:", error);
    ready(false);
  }
}

start();
