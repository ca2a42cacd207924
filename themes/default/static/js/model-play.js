// @ts-check
/**
 * A model to be played: decisions step by step, or sliders and the whole run at once. What was
 * decided is the checkpoint's answer, so that it is kept, exported and taken back as words are.
 */
import { all, first, make } from "./dom.js";
import { drawChart, letters, mostLines, numberText } from "./model-chart.js";
import { rowsOf, stepsOf } from "./model-run.js";
import { inRow, traceIn, traceText } from "./model-told.js";
import { refresh } from "./session.js";
import { t } from "./strings.js";

/** @typedef {import("./model-run.js").Values} Values */

/** One model on the page. */
class Play {
  /** @param {any} board */
  constructor(board) {
    this.board = board;
    this.section = board.closest(".model");
    this.form = board.closest("form");
    /** @type {import("./model-run.js").Program} */
    this.program = JSON.parse(board.dataset.program);
    this.decides = this.program.inputs.some(([, kind]) => kind === "decision");
    this.after = first(".model-after", this.section);
    /** What was begun: nothing is kept before the first step. */
    this.begun = false;
    this.reset();
    this.build();
    const play = this;
    board.arrangement = {
      get value() {
        return play.begun ? traceText(play.settings, play.decisions) : "";
      },
      set value(/** @type {string} */ value) {
        play.take(value);
      },
      get text() {
        return play.told();
      },
    };
    // Before the checkpoint hears of it: it would make a version of every step.
    const submitted = (/** @type {Event} */ event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (this.decides) this.step(1);
    };
    this.form.addEventListener("submit", submitted, true);
    first(".model-open", this.section).addEventListener("click", () => {
      this.open();
      this.toInput();
    });
  }

  reset() {
    const of = (/** @type {string} */ wanted) =>
      Object.fromEntries(this.program.inputs.filter(([, kind]) => kind === wanted).map(([name, , value]) => [name, value]));
    /** @type {Values} */
    this.settings = of("slider");
    /** @type {Values} */
    this.now = of("decision");
    /** @type {Values[]} */
    this.decisions = [];
  }

  get steps() {
    return stepsOf(this.program);
  }

  get over() {
    return !this.decides || this.decisions.length >= this.steps;
  }

  get rows() {
    const decided = this.over ? this.decisions : [...this.decisions, this.now];
    return rowsOf(this.program, this.settings, decided, this.decides ? this.decisions.length : Infinity);
  }

  /** @param {string} name */
  named(name) {
    const unit = this.program.units[name];
    return unit ? `${name} (${unit})` : name;
  }

  build() {
    const { board } = this;
    this.moment = make("p", { class: "model-moment", tabindex: "-1" });
    this.values = make("dl", { class: "model-values" });
    this.inputs = make("div", { class: "model-inputs" }, ...this.program.inputs.map((each) => this.field(each)));
    const press = (/** @type {string} */ name, /** @type {string} */ words, /** @type {() => void} */ click) =>
      make("button", { type: "button", class: name, click }, words);
    this.next = make("button", { type: "submit", class: "model-next" }, t("model.next"));
    this.steady = press("model-steady", t("model.steady"), () => this.step(this.steps - this.decisions.length));
    const again = press("model-again", t("model.again"), () => this.again());
    board.append(make("div", { role: "status" }, this.moment, this.values), this.inputs, make("p", { class: "model-steps" }, ...(this.decides ? [this.next, this.steady] : []), again));
  }

  /** From the author's run to the learner's own. */
  open() {
    if (!this.board.hidden) return;
    this.board.hidden = false;
    first(".model-start", this.section).hidden = true;
    first(".model-told", this.section).hidden = true;
    this.show();
  }

  /** @param {[string, string, number, number, number, number]} input */
  field([name, kind, , low, high, by]) {
    const id = `${this.section.id}-${this.program.inputs.findIndex(([other]) => other === name)}`;
    const decision = kind === "decision";
    const output = decision ? "" : make("output", { for: id });
    const box = make("input", {
      id,
      type: decision ? "number" : "range",
      min: low,
      max: high,
      step: by,
      ...(decision && { inputmode: "decimal", "data-decision": name }),
      ...(!decision && { "data-setting": name }),
      input: () => this.set(box, name, decision),
    });
    return make("div", { class: "model-input" }, make("label", { for: id }, this.named(name), " ", output), box);
  }

  /**
   * @param {any} box
   * @param {string} name
   * @param {boolean} decision
   */
  set(box, name, decision) {
    const { min, max, value } = box;
    const number = Math.min(Number(max), Math.max(Number(min), Number(value) || 0));
    if (decision) this.now[name] = number;
    else {
      this.settings[name] = number;
      this.begun = true;
    }
    this.show();
  }

  /** @param {number} count */
  step(count) {
    for (const box of all("[data-decision]", this.inputs)) {
      this.set(box, box.dataset.decision, true);
      box.value = this.now[box.dataset.decision];
    }
    for (let at = 0; at < count && !this.over; at += 1) this.decisions.push({ ...this.now });
    this.begun = true;
    this.changed();
    this.show();
    if (this.over) this.moment.focus();
    else first("[data-decision]", this.inputs)?.select();
  }

  again() {
    this.reset();
    this.changed();
    this.show();
    this.toInput();
  }

  /** What is typed there takes the place of what stands there. */
  toInput() {
    const box = first("input", this.inputs);
    box?.focus();
    box?.select();
  }

  /** The checkpoint keeps what it is told has changed. */
  changed() {
    this.form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** @param {string} value */
  take(value) {
    const trace = traceIn(value);
    this.begun = trace !== null;
    this.reset();
    if (trace) this.open();
    if (trace) {
      const bounds = new Map(this.program.inputs.map(([name, , , low, high]) => [name, [low, high]]));
      // A game may come from elsewhere: only numbers that could have been decided on are.
      const fitting = (/** @type {any} */ number, /** @type {string} */ name, /** @type {number} */ otherwise) => {
        const [low, high] = bounds.get(name) ?? [];
        return Number.isFinite(number) ? Math.min(Number(high), Math.max(Number(low), number)) : otherwise;
      };
      const own = (/** @type {Values} */ given, /** @type {Values} */ known) =>
        Object.fromEntries(Object.keys(known).map((name) => [name, fitting(given?.[name], name, known[name])]));
      this.settings = own(trace.settings, this.settings);
      this.decisions = trace.decisions.slice(0, this.steps).map((each) => own(each, this.now));
      this.now = { ...(this.decisions[this.decisions.length - 1] ?? this.now) };
    }
    if (!this.board.hidden) this.show();
  }

  /** What is kept, as it is read in the journal. */
  told() {
    const { rows } = this;
    const last = rows[rows.length - 1];
    const lines = Object.entries(this.settings).map(([name, value]) => `${this.named(name)}: ${numberText(value)}`);
    for (const name of Object.keys(this.now)) {
      lines.push(`${this.named(name)}: ${inRow(this.decisions.map((each) => numberText(each[name])))}`);
    }
    const shown = this.program.show.filter(({ after }) => !after || this.over).flatMap(({ names }) => names);
    const ends = [...new Set(shown)].filter((name) => !(name in this.now)).map((name) => `${name} ${numberText(last[name])}`).join(", ");
    return [...lines, `${this.when(last.time)}: ${ends}`].join("\n");
  }

  /** @param {number} time */
  when(time) {
    const [, end, , , unit] = this.program.time;
    return t("model.at", { time: numberText(time), end: numberText(end), unit });
  }

  show() {
    const { rows, section } = this;
    const last = rows[rows.length - 1];
    for (const box of all("[data-decision]", this.inputs)) {
      if (box !== document.activeElement) box.value = this.now[box.dataset.decision];
      box.disabled = this.over;
    }
    for (const box of all("[data-setting]", this.inputs)) {
      box.value = this.settings[box.dataset.setting];
      first("output", box.parentNode).textContent = numberText(this.settings[box.dataset.setting]);
    }
    const plays = this.decides && this.over;
    this.moment.textContent = `${this.when(last.time)}. ${plays ? t("model.over") : ""}`;
    this.next.disabled = this.steady.disabled = this.over;
    const names = [...new Set(this.program.show.filter(({ after }) => !after).flatMap((each) => each.names))];
    const given = names.filter((name) => !(name in this.now));
    this.values.replaceChildren(
      ...given.map((name) => make("div", {}, make("dt", {}, this.named(name)), make("dd", {}, numberText(last[name])))),
    );
    this.draw(first(".model-run", section), false, rows);
    if (!this.after) return;
    this.after.hidden = !this.over;
    if (this.over) this.draw(this.after, true, rows);
  }

  /**
   * Charts and table in the places of those that the page came with.
   * @param {any} place
   * @param {boolean} after
   * @param {Values[]} rows
   */
  draw(place, after, rows) {
    const shows = this.program.show.filter((each) => each.after === after).flatMap(({ names }) => this.byUnit(names));
    const [start, end, , , unit] = this.program.time;
    const mine = (/** @type {any} */ each) => after || !each.closest(".model-after");
    all(".model-chart", place).filter(mine).forEach((figure, at) => {
      const names = shows[at] ?? [];
      const lines = names.map((name) => rows.map((row) => ({ time: row.time, value: row[name] })));
      const words = t("model.chart", { names: names.join(", ") });
      const svg = drawChart([start, end], lines, { words, unit: this.program.units[names[0]] ?? "", time: unit });
      first("svg.chart", figure).replaceWith(svg);
    });
    const body = all("tbody", place).filter(mine)[0];
    const names = [...new Set(shows.flat())];
    const ordered = this.program.show.filter((each) => each.after === after).flatMap((each) => each.names);
    const columns = [...new Set(ordered)].filter((name) => names.includes(name));
    body.replaceChildren(
      ...rows.map((row) =>
        make(
          "tr",
          {},
          make("th", { scope: "row", class: "align-right" }, numberText(row.time)),
          ...columns.map((name) => make("td", { class: "align-right" }, numberText(row[name]))),
        ),
      ),
    );
  }

  /** Names that can share an axis. @param {string[]} names */
  byUnit(names) {
    /** @type {Map<string, string[]>} */
    const found = new Map();
    for (const name of names) {
      const unit = this.program.units[name] ?? "";
      found.set(unit, [...(found.get(unit) ?? []), name]);
    }
    return [...found.values()].flatMap((those) =>
      Array.from({ length: Math.ceil(those.length / Math.min(mostLines, letters.length)) }, (_, at) =>
        those.slice(at * mostLines, (at + 1) * mostLines),
      ),
    );
  }
}

for (const board of all(".model-board[data-program]")) new Play(board);
// What is kept comes to the boards that are there now.
refresh();
