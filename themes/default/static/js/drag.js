// @ts-check
/** Arranging by dragging, for those who like to: loaded when a pointer comes near. */
import { all } from "./dom.js";

/** @typedef {import("./arrange.js").Arrangement} Arrangement */

/** With a mouse or a pen; a finger scrolls, and has the buttons. @param {PointerEvent} event */
function drag({ pointerType, target, clientX, clientY, button: pressed }) {
  const at = /** @type {Element} */ (target);
  const item = at.closest("[data-item]");
  /** @type {Arrangement | undefined} */
  const arrangement = /** @type {any} */ (item?.closest("[data-arrange]"))?.arrangement;
  if (!arrangement || pressed || pointerType === "touch" || at.closest("button, select, a")) return;
  let moving = false;
  // The item itself is moved about, which would end its hold of the pointer: the page listens.
  const move = (/** @type {PointerEvent} */ { clientX: x, clientY: y }) => {
    moving ||= Math.hypot(x - clientX, y - clientY) > 6;
    item?.toggleAttribute("data-dragged", moving);
    if (moving) dropAt(arrangement, item, x, y);
  };
  const end = () => {
    document.removeEventListener("pointermove", move);
    item?.toggleAttribute("data-dragged", false);
    if (moving) arrangement.changed(arrangement.whereIs(item));
  };
  document.addEventListener("pointermove", move);
  for (const type of ["pointerup", "pointercancel"]) document.addEventListener(type, end, { once: true });
}

/** @param {Arrangement} arrangement @param {any} item @param {number} x @param {number} y */
function dropAt({ place }, item, x, y) {
  const lists = place.matches("ol") ? [place] : all("ul", place);
  const list = lists.find((each) => {
    const { left, right, top, bottom } = (each.closest(".group") ?? each).getBoundingClientRect();
    return x >= left && x <= right && y >= top && y <= bottom;
  });
  if (!list) return;
  const after = all("[data-item]", list).filter((each) => each !== item).find((each) => {
    const box = each.getBoundingClientRect();
    return y < box.top + box.height / 2;
  });
  if (after) after.before(item);
  else list.append(item);
}

document.addEventListener("pointerdown", drag);
