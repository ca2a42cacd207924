// @ts-check
/** What the map's readers can do with it: find a page, look closer, see one page's ways alone. Loaded when it comes near. */
import { all, first, make, set } from "./dom.js";
import { reach } from "./store.js";
import { t } from "./strings.js";

const space = "http://www.w3.org/2000/svg";
const steps = { least: 0.1, most: 4, one: 1.25 };

/** A drawing, what is lit in it for a moment, and what is looked at for longer. */
class Drawing {
  /** @param {any} figure */
  constructor(figure) {
    this.tools = first(".map-tools", figure);
    this.scroll = first(".map-scroll", figure);
    this.svg = first("svg", this.scroll);
    this.around = "";
    /** @type {Map<number, {x: number, y: number}>} */
    this.fingers = new Map();
  }

  get scale() {
    return this.svg.clientWidth / this.svg.viewBox.baseVal.width;
  }

  /**
   * Draw at a scale; the point of the drawing that is in the middle stays there.
   * @param {number} scale
   */
  zoom(scale) {
    const { svg, scroll } = this;
    const kept = Math.min(steps.most, Math.max(steps.least, scale));
    const grown = kept / this.scale;
    const left = (scroll.scrollLeft + scroll.clientWidth / 2) * grown - scroll.clientWidth / 2;
    const top = (scroll.scrollTop + scroll.clientHeight / 2) * grown - scroll.clientHeight / 2;
    const { width, height } = svg.viewBox.baseVal;
    svg.setAttribute("data-zoomed", "");
    svg.style.inlineSize = `${width * kept}px`;
    svg.style.blockSize = `${height * kept}px`;
    scroll.scrollTo(left, top);
  }

  fit() {
    const { width, height } = this.svg.viewBox.baseVal;
    this.zoom(Math.min((this.scroll.clientWidth - 32) / width, (this.scroll.clientHeight - 32) / height));
  }

  /** @param {string} step */
  step(step) {
    if (step === "0") this.fit();
    else this.zoom(this.scale * (step === "1" ? steps.one : 1 / steps.one));
  }

  /**
   * The ways from and to one page in front of the others; without one, those looked at for longer.
   * @param {string} [id]
   */
  light(id = this.around) {
    this.svg.toggleAttribute("data-lit", Boolean(id));
    for (const edge of all(".edge", this.svg)) {
      const { from, to } = edge.dataset;
      edge.toggleAttribute("data-lit", id !== "" && (from === id || to === id));
    }
  }

  /**
   * One page and its neighbours; an empty id is for all pages.
   * @param {string} id
   */
  lookAround(id) {
    const node = id && first(`a[data-page="${CSS.escape(id)}"]`, this.svg);
    this.around = node ? id : "";
    const near = new Set([this.around]);
    for (const { dataset } of all(".edge", this.svg)) {
      if (dataset.from === this.around) near.add(dataset.to);
      if (dataset.to === this.around) near.add(dataset.from);
    }
    this.dim((page) => this.around !== "" && !near.has(page));
    this.light();
    const release = first("[data-around]", this.tools);
    release.hidden = !node;
    if (node) this.show(node);
  }

  /** @param {(page: string) => boolean} far */
  dim(far) {
    for (const node of all("a", this.svg)) node.toggleAttribute("data-far", far(node.dataset.page ?? ""));
  }

  /** @param {any} node */
  show(node) {
    const { x, y, width, height } = node.getBBox();
    const { scroll, scale } = this;
    scroll.scrollTo(
      (x + width / 2) * scale - scroll.clientWidth / 2,
      (y + height / 2) * scale - scroll.clientHeight / 2,
    );
  }

  /** @param {boolean} shown */
  arrows(shown) {
    if (shown && !first("marker", this.svg)) this.svg.prepend(arrow());
    for (const edge of all(".edge", this.svg)) set(edge, "marker-end", shown ? "url(#learnpath-arrow)" : null);
  }

  /** Two fingers draw apart what lies between them. @param {PointerEvent} event */
  pinch({ pointerId, clientX: x, clientY: y }) {
    const before = this.spread();
    this.fingers.set(pointerId, { x, y });
    if (before) this.zoom((this.scale * this.spread()) / before);
  }

  spread() {
    const [one, other] = this.fingers.values();
    return other ? Math.hypot(one.x - other.x, one.y - other.y) : 0;
  }
}

function arrow() {
  const defs = document.createElementNS(space, "defs");
  const marker = document.createElementNS(space, "marker");
  const looks = { id: "learnpath-arrow", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 9, markerHeight: 9 };
  for (const [name, value] of Object.entries({ ...looks, markerUnits: "userSpaceOnUse", orient: "auto" })) {
    marker.setAttribute(name, String(value));
  }
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", "M0 0l8 4l-8 4z");
  marker.append(path);
  defs.append(marker);
  return defs;
}

/** @param {Drawing} drawing */
function equip(drawing) {
  const { tools, scroll, svg } = drawing;
  for (const control of all("[data-later]", tools)) set(control, "data-later", null);
  tools.addEventListener("click", (/** @type {any} */ event) => {
    const { zoom, arrows, around } = event.target.closest("button")?.dataset ?? {};
    if (zoom) drawing.step(zoom);
    if (around !== undefined) history.replaceState(history.state, "", "#"), drawing.lookAround("");
    if (arrows === undefined) return;
    const shown = event.target.getAttribute("aria-pressed") !== "true";
    set(event.target, "aria-pressed", shown);
    drawing.arrows(shown);
  });
  scroll.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const step = /** @type {Record<string, string>} */ ({ "+": "1", "=": "1", "-": "-1", 0: "0" })[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    drawing.step(step);
  });
  // What trackpads send for two fingers that part.
  scroll.addEventListener("wheel", (/** @type {WheelEvent} */ event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    drawing.zoom(drawing.scale * Math.exp(-event.deltaY / 200));
  }, { passive: false });
  scroll.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
    if (event.pointerType === "touch") drawing.pinch(event);
  });
  scroll.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => {
    if (drawing.fingers.has(event.pointerId)) drawing.pinch(event);
  });
  for (const type of ["pointerup", "pointercancel"]) {
    scroll.addEventListener(type, (/** @type {any} */ event) => drawing.fingers.delete(event.pointerId));
  }
  for (const type of ["pointerover", "focusin"]) {
    svg.addEventListener(type, (/** @type {any} */ event) => {
      drawing.light(event.target.closest("a[data-page]")?.dataset.page);
    });
  }
  for (const type of ["pointerout", "focusout"]) svg.addEventListener(type, () => drawing.light());
}

const plain = (/** @type {string} */ text) =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/**
 * The box above the list: pages whose title or summary has all the words that are typed, and the
 * parts that hold such a page.
 * @param {any} box
 * @param {Drawing[]} drawings
 */
function equipFinder(box, drawings) {
  const entries = all(".map-entry, .map-leaves > li", box.parentNode).map((element) => {
    const own = all(":scope > .map-page, :scope > .card-summary, :scope > a", element);
    const text = plain(own.map((part) => part.textContent).join(" "));
    return { element, text, part: element.parentNode.closest(".map-entry"), id: element.dataset.pageCard };
  });
  const input = first("input", box);
  const find = () => {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    const found = entries.filter(({ text }) => words.every((word) => text.includes(word)));
    const kept = new Set(found.flatMap(({ element, part }) => [element, part]));
    for (const { element, part } of entries) {
      element.toggleAttribute("data-unfound", !kept.has(element) && !found.some((one) => one.element === part));
    }
    for (const part of all(".map-entry > details", box.parentNode)) {
      part.open = words.length > 0 && first("li:not([data-unfound])", part) !== null;
    }
    for (const group of all(".map-group", box.parentNode)) {
      const empty = !first(".map-entry:not([data-unfound])", group);
      for (const part of [group, group.previousElementSibling]) part?.toggleAttribute("data-unfound", empty);
    }
    first("[role=status]", box).textContent = words.length ? t("map.found", { n: found.length }) : "";
    const ids = new Set(found.map(({ id }) => id));
    for (const drawing of drawings) drawing.dim((page) => words.length > 0 && !ids.has(page));
  };
  box.addEventListener("input", find);
  // What was typed before this was here.
  if (input.value) find();
}

/** In the list: the way to one page's neighbourhood in the drawing, which is lit from there, too. */
function equipList(/** @type {any} */ list, /** @type {Drawing[]} */ drawings) {
  for (const entry of all(".map-entry[id]", list)) {
    const title = first(".map-page", entry).textContent;
    const words = { href: `#${encodeURIComponent(entry.id)}`, class: "map-around", "aria-label": t("map.around", { title }) };
    // Whichever comes first: the mark of a page that changed stands beside its name.
    (first(":scope > .changed", entry) ?? first(".map-page", entry)).after(make("a", words, "◎"));
  }
  for (const type of ["pointerover", "focusin"]) {
    list.addEventListener(type, (/** @type {any} */ { target }) => {
      for (const drawing of drawings) drawing.light(target.closest(".map-entry")?.dataset.pageCard);
    });
  }
  for (const type of ["pointerout", "focusout"]) {
    list.addEventListener(type, () => drawings.forEach((drawing) => drawing.light()));
  }
}

/** @param {Drawing[]} drawings */
function follow(drawings) {
  const id = reach(() => decodeURIComponent(location.hash.replace(/^#(at-)?/, ""))) ?? "";
  const named = location.hash.startsWith("#at-");
  for (const drawing of drawings) if (named || drawing.around) drawing.lookAround(named ? id : "");
}

const drawings = all(".map-drawing").filter((figure) => first("svg", figure)).map((figure) => new Drawing(figure));
drawings.forEach(equip);
for (const box of all(".map-find")) equipFinder(box, drawings);
if (drawings.some(({ svg }) => first("a[data-page]", svg))) {
  for (const list of all(".map-list")) equipList(list, drawings);
  addEventListener("hashchange", () => follow(drawings));
  follow(drawings);
}
