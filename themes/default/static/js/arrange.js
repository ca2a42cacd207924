// @ts-check
/**
 * Putting in order and sorting: with buttons and lists for every hand, and by dragging for those
 * who like to. An arrangement counts as an answer once the learner has touched it.
 */
import { all, button, first, make } from "./dom.js";
import { later } from "./later.js";
import { refresh, session } from "./session.js";
import { t } from "./strings.js";

/** @param {any} item */
const nameOf = (item) => first(".item-label", item).textContent.trim();

/** @param {any} group */
const groupNameOf = (group) => first(".group-name", group).textContent.trim();

/** @param {ParentNode} place */
const itemsIn = (place) => all("[data-item]", place);

/** @param {ParentNode} place */
const idsIn = (place) => itemsIn(place).map(({ dataset }) => dataset.item);

/** @param {string} value */
function parsed(value) {
  try {
    return JSON.parse(value);
  } catch {
    return null;
  }
}

/** The buttons at the ends, and the lists beside the items, say where things are. @param {any} place */
function follow(place) {
  const items = itemsIn(place);
  for (const item of items) {
    const select = first("select", item);
    if (select) select.value = item.closest("[data-group]")?.dataset.group ?? "";
    for (const step of all("[data-step]", item)) {
      step.disabled = step.dataset.step === "-1" ? item === items[0] : item === items[items.length - 1];
    }
  }
}

/** One arrangement on the page; its element carries it, as a box carries its value. */
export class Arrangement {
  /** @param {any} place */
  constructor(place) {
    this.place = place;
    this.said = place.parentNode.appendChild(make("p", { class: "arranged visually-hidden", role: "status" }));
    place.arrangement = this;
    for (const item of itemsIn(place)) this.equip(item);
    if (place.matches("ol[aria-labelledby]")) place.after(make("p", {}, button(t("order.keep"), "order-keep", () => this.changed())));
    place.addEventListener("pointerover", () => later("drag").catch(console.error), { once: true });
    follow(place);
  }

  /** JSON: a list of ids, or the ids under each heading; empty where untouched. */
  get value() {
    const { place } = this;
    if (!place.hasAttribute("data-touched")) return "";
    if (place.matches("ol")) return JSON.stringify(idsIn(place));
    return JSON.stringify(Object.fromEntries(all("[data-group]", place).map((group) => [group.dataset.group, idsIn(group)])));
  }

  /** What the course no longer has is left out, and what is new comes last. */
  set value(value) {
    const { place } = this;
    place.toggleAttribute("data-touched", Boolean(value));
    const kept = parsed(value);
    const items = new Map(itemsIn(place).map((item) => [item.dataset.item, item]));
    const put = (/** @type {any} */ list, /** @type {unknown} */ ids) => {
      for (const id of Array.isArray(ids) ? ids : []) if (items.has(id)) list.append(items.get(id));
    };
    if (place.matches("ol")) {
      const known = Array.isArray(kept) ? kept : [];
      put(place, [...known, ...[...items.keys()].filter((id) => !known.includes(id))]);
    } else {
      put(first(".pool ul", place), [...items.keys()]);
      for (const group of all("[data-group]", place)) put(first("ul", group), kept?.[group.dataset.group]);
    }
    follow(place);
  }

  /** In words, which are kept with it: labels may change. */
  get text() {
    const { place } = this;
    if (place.matches("ol")) return itemsIn(place).map((item, at) => `${at + 1}. ${nameOf(item)}`).join("\n");
    return all("[data-group]", place)
      .map((group) => `${groupNameOf(group)}: ${itemsIn(group).map(nameOf).join("; ") || "–"}`)
      .join("\n");
  }

  /** @param {any} item */
  equip(item) {
    const name = nameOf(item);
    const tools = make("span", { class: "item-tools" });
    if (this.place.matches("ol")) {
      tools.append(this.mover(item, -1, "↑", t("move.up", { item: name })));
      tools.append(this.mover(item, 1, "↓", t("move.down", { item: name })));
    } else tools.append(this.chooser(item, name));
    item.append(tools);
  }

  /** @param {any} item @param {number} step @param {string} sign @param {string} words */
  mover(item, step, sign, words) {
    const move = button(sign, "move", () => this.step(item, step, move));
    move.setAttribute("aria-label", words);
    move.dataset.step = String(step);
    return move;
  }

  /** @param {any} item @param {string} name */
  chooser(item, name) {
    const groups = all("[data-group]", this.place);
    const options = all(".group", this.place).map((group) => make("option", { value: group.dataset.group ?? "" }, groupNameOf(group)));
    const select = make("select", { "aria-label": t("place", { item: name }) }, ...options);
    select.addEventListener("change", () => {
      const group = groups.find(({ dataset }) => dataset.group === select.value);
      first("ul", group ?? first(".pool", this.place)).append(item);
      select.focus();
      this.changed(this.whereIs(item));
    });
    return select;
  }

  /** @param {any} item @param {number} step @param {any} pressed */
  step(item, step, pressed) {
    const beside = step < 0 ? item.previousElementSibling : item.nextElementSibling;
    if (step < 0) beside?.before(item);
    else beside?.after(item);
    this.changed(this.whereIs(item));
    // At the end of the list one button is out of use: the other one has the focus then.
    (pressed.disabled ? first("[data-step]:not(:disabled)", item) : pressed).focus();
  }

  changed(words = "") {
    this.place.setAttribute("data-touched", "");
    this.said.textContent = words;
    follow(this.place);
    this.place.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** @param {any} item */
  whereIs(item) {
    const group = item.closest(".group");
    if (group) return t("placed", { item: nameOf(item), group: groupNameOf(group) });
    const items = itemsIn(this.place);
    return t("moved", { item: nameOf(item), n: items.indexOf(item) + 1, of: items.length });
  }
}

for (const place of all("[data-near=arrange]")) new Arrangement(place);
// What is kept comes to the places that are there now.
if (session.facts) refresh();
