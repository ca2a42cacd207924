// @ts-check
/** A quiet clock for a conversation's turns, loaded when it is first started: it marks the turn whose time it is, and says so once. */
import { all, first, make } from "./dom.js";
import { t } from "./strings.js";

const minute = 60_000;

/** @param {number} left milliseconds */
function timeOf(left) {
  const seconds = Math.max(0, Math.ceil(left / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** @param {any} press the button that starts and stops it */
function equipClock(press) {
  const place = press.parentNode;
  const turns = place.previousElementSibling;
  const timed = all("[data-end]", turns);
  const said = make("span", { role: "status", class: "visually-hidden" });
  const shown = make("span", { "aria-hidden": "true" });
  let begun = 0;
  /** @type {any} */
  let current;

  function tick() {
    const gone = Date.now() - begun;
    const turn = timed.find(({ dataset }) => gone < dataset.end * minute);
    if (!turn) return stop(t("clock.over"));
    const head = first(".turn-head", turn)?.textContent ?? "";
    shown.textContent = t("clock.now", { head, left: timeOf(turn.dataset.end * minute - gone) });
    if (turn === current) return;
    current = turn;
    said.textContent = head;
    for (const each of timed) each.toggleAttribute("data-now", each === turn);
  }

  let timer = 0;
  function stop(words = "") {
    clearInterval(timer);
    current = begun = 0;
    shown.textContent = said.textContent = words;
    for (const each of timed) each.removeAttribute("data-now");
    press.textContent = t("clock.start");
  }

  press.addEventListener("click", () => {
    if (begun) return stop();
    begun = Date.now();
    press.textContent = t("clock.stop");
    timer = setInterval(tick, 500);
    tick();
  });
  place.append(" ", shown, said);
}

for (const press of all(".clock")) equipClock(press);
