// @ts-check
/**
 * A learner's own variables and links beside the author's: added one by one, drawn with them, told with
 * them. They are kept as lines of text, the answer of the diagram's checkpoint, written as an author
 * writes them; the journal reads them in sentences.
 */
import { circlesIn, drawing, ownLinks, textOf, variablesOf } from "./causal.js";
import { all, button, first, make } from "./dom.js";
import { refresh } from "./session.js";
import { t } from "./strings.js";

const space = "http://www.w3.org/2000/svg";
const mostVariables = 24;
const mostLinks = 60;

/** @param {import("./causal.js").Shape | string} shape @returns {any} */
function shapeOf(shape) {
  if (typeof shape === "string") return document.createTextNode(shape);
  const [tag, attributes, ...inner] = shape;
  const element = document.createElementNS(space, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...inner.map(shapeOf));
  return element;
}

/** @param {string} text @param {Record<string, string | number>} values */
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));

/** A diagram on the page that its reader may go on with. */
class Own {
  /** @param {any} section */
  constructor(section) {
    this.section = section;
    this.figure = section.closest(".causal");
    this.form = first("form", section);
    /** What is kept. */
    this.text = "";
    const { links, names, words } = JSON.parse(section.dataset.diagram);
    /** @type {import("./causal.js").Link[]} */
    this.given = links.map((/** @type {any[]} */ [origin, target, sign, delayed]) => ({ origin, target, sign, delayed: Boolean(delayed) }));
    /** @type {Record<string, string>} */
    this.words = words;
    /** @type {Record<string, string>} */
    this.titles = names;
    this.build();
    const own = this;
    this.editor.arrangement = {
      get value() {
        return own.text;
      },
      set value(/** @type {string} */ value) {
        own.take(value);
      },
      get text() {
        return own.told();
      },
    };
  }

  get own() {
    return ownLinks(this.text, this.given);
  }

  build() {
    const { section } = this;
    const id = (/** @type {string} */ name) => `${section.dataset.checkpoint}-${name}`;
    const names = make("datalist", { id: id("names") });
    const field = (/** @type {string} */ name, /** @type {string} */ words, /** @type {any} */ box) =>
      make("div", { class: "causal-field" }, make("label", { for: id(name) }, words), box);
    const text = (/** @type {string} */ name) =>
      make("input", { type: "text", id: id(name), list: id("names"), maxlength: 60, autocomplete: "off", "data-part": name });
    this.from = text("from");
    this.to = text("to");
    this.sign = make("select", { id: id("sign"), "data-part": "sign" }, make("option", { value: "more" }, t("loop.more")), make("option", { value: "less" }, t("loop.less")));
    this.late = make("input", { type: "checkbox", id: id("late"), "data-part": "late" });
    this.names = names;
    this.said = make("p", { class: "causal-said", role: "status" });
    this.list = make("ul", { class: "causal-mine" });
    const add = button(t("loop.add"), "causal-add", () => this.add());
    this.editor = first(".causal-editor", section);
    this.editor.append(
      field("from", t("loop.from"), this.from),
      field("sign", t("loop.brings"), this.sign),
      field("to", t("loop.to"), this.to),
      make("label", { class: "causal-late" }, this.late, " ", t("loop.late")),
      add,
      this.said,
      this.list,
      names,
    );
    for (const each of [this.from, this.to]) {
      each.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        this.add();
      });
      // The checkpoint's answer is what stands in the list, not what is half typed here.
      each.addEventListener("input", (/** @type {Event} */ event) => event.stopPropagation());
    }
    for (const each of [this.sign, this.late]) each.addEventListener("input", (/** @type {Event} */ event) => event.stopPropagation());
    this.suggest([]);
    this.form.addEventListener("submit", (/** @type {Event} */ event) => event.preventDefault());
    first(".causal-open", section).addEventListener("click", () => {
      this.open();
      this.from.focus();
    });
  }

  open() {
    this.editor.hidden = false;
    first(".causal-start", this.section).hidden = true;
  }

  add() {
    const [origin, target] = [this.from, this.to].map((box) => box.value.trim().replace(/[:,]|-+>|→/g, " ").trim());
    const line = textOf({ origin, target, sign: this.sign.value === "more" ? 1 : -1, delayed: this.late.checked });
    const before = this.own.length;
    const kept = [...this.own.map(textOf), line].join("\n");
    const added = origin && target && ownLinks(kept, this.given).length > before;
    this.said.textContent = added ? "" : t(origin && target ? "loop.not" : "loop.both");
    if (!added) return void (origin ? this.to : this.from).focus();
    const circles = circlesIn([...this.given, ...this.own]).told.length;
    this.put(kept);
    const now = circlesIn([...this.given, ...this.own]).told;
    this.said.textContent = t(now.length > circles ? "loop.closed" : "loop.added");
    this.from.value = this.to.value = "";
    this.late.checked = false;
    this.from.focus();
  }

  /** The checkpoint keeps what it is told has changed. @param {string} text */
  put(text) {
    this.take(text);
    this.form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** What is kept, as it is read in the journal: the learner's own links, and those they stand beside. */
  told() {
    const sentences = (/** @type {import("./causal.js").Link[]} */ links) => links.map((link) => this.sentence(link, 1));
    return [...sentences(this.own), t("loop.beside", { links: sentences(this.given).join(" ") })].join("\n");
  }

  /** @param {string} text */
  take(text) {
    if (text === this.text) return;
    this.text = text;
    const { own } = this;
    if (own.length) this.open();
    this.list.replaceChildren(
      ...own.map((link, at) => {
        const words = this.sentence(link, 1);
        const remove = button(t("loop.remove"), "causal-remove", () => {
          this.put(own.filter((_, other) => other !== at).map(textOf).join("\n"));
          this.from.focus();
        });
        remove.setAttribute("aria-label", `${t("loop.remove")}: ${words}`);
        return make("li", {}, words, " ", remove);
      }),
    );
    this.suggest(own);
    this.draw(own);
  }

  /** @param {import("./causal.js").Link[]} own */
  suggest(own) {
    const names = variablesOf([...this.given, ...own]);
    this.names.replaceChildren(...names.map((name) => make("option", { value: name })));
  }

  /** @param {import("./causal.js").Link[]} own */
  draw(own) {
    const links = [...this.given, ...own];
    const { told, more, open } = circlesIn(links);
    const variables = variablesOf(links).length;
    const svg = first("svg", this.figure);
    if (svg && variables <= mostVariables && links.length <= mostLinks) {
      const drawn = filled(this.words.drawn, { variables, links: links.length });
      svg.replaceWith(shapeOf(drawing(links, told, `${this.words.title}. ${drawn}`.replace(/[. ]+$/, ""))));
    }
    const list = first(".causal-links", this.figure);
    for (const mine of all(".own", list)) mine.remove();
    list.append(...own.map((link) => make("li", { class: "own" }, this.sentence(link, 1), " ", make("em", {}, t("loop.yours")))));
    const rest = more || open ? t(open ? "loop.rest.open" : "loop.rest", { n: more }) : told.length ? "" : this.words.none;
    first(".causal-told-all", this.figure).replaceChildren(
      ...(told.length ? [make("ul", { class: "causal-circles" }, ...told.map((circle) => this.circle(circle)))] : []),
      ...(rest ? [make("p", { class: "causal-rest" }, rest)] : []),
    );
  }

  /** @param {import("./causal.js").Link} link @param {number} way */
  sentence({ origin, target, sign, delayed }, way) {
    const ways = (/** @type {number} */ each) => (each > 0 ? "rise" : "fall");
    const text = filled(this.words[`${ways(way)}.${ways(way * sign)}`], { origin, target });
    return `${delayed ? filled(this.words.late, { sentence: text }) : text}.`;
  }

  /** @param {import("./causal.js").Circle} circle */
  circle({ name, links }) {
    const kind = name.startsWith("R") ? "reinforcing" : "balancing";
    const round = [...links.map(({ origin }) => origin), links[0].origin].join(document.dir === "rtl" ? " ← " : " → ");
    let way = 1;
    const steps = links.map((link) => {
      const said = this.sentence(link, way);
      way *= link.sign;
      return said;
    });
    const swings = kind === "balancing" && links.some(({ delayed }) => delayed) ? [this.words.swings] : [];
    const title = this.titles[name] ? [make("strong", {}, this.titles[name]), " "] : [];
    const mine = links.some(({ own }) => own) ? [" ", make("em", {}, t("loop.yours"))] : [];
    return make(
      "li",
      {},
      make("p", { class: "causal-name" }, make("b", {}, name), " ", ...title, `${this.words[kind]}: ${round}`, ...mine),
      make("p", { class: "causal-told" }, [...steps, this.words[`${kind}.does`], ...swings].join(" ")),
    );
  }
}

for (const section of all(".causal-own[data-diagram]")) new Own(section);
// What is kept comes to the diagrams that are there now.
refresh();
