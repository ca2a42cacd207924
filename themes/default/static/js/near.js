// @ts-check
/**
 * What lies further down a page is loaded when it comes near: its place names the bundle, `data-near`, or is
 * that of a choice.
 * On paper stands what the learner wrote, loaded or not.
 */
import { inWords } from "./conditional.js";
import { all, make } from "./dom.js";
import { later } from "./later.js";
import { onState, session } from "./session.js";

/** What is not there yet. What a page loads at once is not among what it loads later. */
const waiting = new Set(all("[data-near], [data-choices]").filter((place) => session.island.later?.[bundleOf(place)]));

/** @param {any} place */
function bundleOf({ dataset }) {
  return dataset.near ?? "branch";
}

/** @param {any} place */
function bring(place) {
  near.unobserve(place);
  return later(bundleOf(place)).then(() => waiting.delete(place), console.error);
}

/** A choice that is taken before its script is there is taken when it has come, or cannot be had. */
document.addEventListener("click", (event) => {
  const target = /** @type {any} */ (event.target);
  const place = target.closest("[data-choices]");
  if (!waiting.has(place) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  event.stopPropagation();
  bring(place).then(() => {
    waiting.delete(place);
    target.click();
  });
}, true);

const near = new IntersectionObserver(
  (seen) => seen.forEach(({ isIntersecting, target }) => isIntersecting && bring(target)),
  { rootMargin: "50%" },
);
waiting.forEach((place) => near.observe(place));
// By keyboard one may go on anywhere, or print; the pointer leaves the page for the browser's own menu.
for (const type of ["keydown", "mouseleave"]) {
  document.documentElement.addEventListener(type, () => waiting.forEach(bring), { once: true });
}

/** A question's words, or those of all of them, with nothing that needs more than is there. @param {any} place */
function writeOut(place) {
  if (!place.matches("[data-journal], [data-checkpoint] *")) return;
  const { tree } = session;
  const { checkpoint } = place.closest("[data-checkpoint]") ?? {};
  const all_ = checkpoint ? [checkpoint.versions] : [...tree.versions.values(), ...tree.own.values()];
  const latest = all_.map((versions) => versions.at(-1)).filter(inWords);
  const words = latest.map((answer) => {
    const prompt = checkpoint ? [] : [make("p", { class: "journal-prompt" }, answer.prompt ?? "")];
    return make("div", {}, ...prompt, make("p", {}, inWords(answer) ?? ""));
  });
  if (words.length) place.after(make("div", { class: "on-paper" }, ...words));
}

addEventListener("beforeprint", () => session.tree && waiting.forEach(writeOut));
addEventListener("afterprint", () => all(".on-paper").forEach((words) => words.remove()));

/** Where the learner has been at work before, what shows it is loaded at once. */
onState(() => {
  for (const { dataset } of all("[data-bundle]")) {
    if (session.facts.answers[dataset.checkpoint]) later(dataset.bundle).catch(console.error);
  }
});
