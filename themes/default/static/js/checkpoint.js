// @ts-check
/**
 * A box for words: every keystroke is kept as a draft, and a draft becomes a version when the learner
 * pauses, leaves the box, or leaves the page. A box in use is never written over.
 */
import { countWords, isEmpty, labelOf, readAnswer, writeAnswer } from "./answer-form.js";
import { all, first, show } from "./dom.js";
import { later } from "./later.js";
import { say, saySaved, sayWhere, wouldBeLost } from "./saved.js";
import { record, refresh, session, stamp, tab } from "./session.js";
import { t } from "./strings.js";
import { answerText } from "./words.js";

/** Milliseconds without a change after which words, or a pick, become a version. */
const pauses = { words: 4000, other: 900 };
const calm = 700;

/**
 * Is there a word in the earlier text that the later one has lost?
 * @param {any} earlier
 * @param {any} later
 */
const loses = (earlier, later) =>
  String(earlier)
    .split(/\s+/)
    .some((word) => !String(later).includes(word));

let pressed = false;
addEventListener("pointerdown", () => (pressed = true), true);
for (const type of ["pointerup", "pointercancel"]) addEventListener(type, () => (pressed = false), true);

/**
 * Leaving a box by pressing on something must not move that away before the press is over.
 * @param {() => void} work
 */
function afterPress(work) {
  if (!pressed) return work();
  addEventListener("pointerup", () => setTimeout(work), { once: true });
}

/** One checkpoint on the page, or a note. */
export class Checkpoint {
  /** @param {any} section */
  constructor(section) {
    this.section = section;
    // For what is loaded only where it is used: earlier versions find their box by this.
    section.checkpoint = this;
    /** @type {HTMLFormElement} */
    this.form = first("form.answer", section);
    this.id = section.dataset.checkpoint;
    this.formKind = section.dataset.form;
    /** The id the words are kept under. */
    this.key = this.id;
    /** Changed since the last version. */
    this.dirty = false;
    /** @type {any} The draft that was said to be saved: its words may not go without a version. */
    this.told = null;
    /** Writes under way. */
    this.writing = 0;
    /** Changed while a draft was being written. */
    this.again = false;
    this.drafting = false;
    this.loaded = false;
    /** Found in the log before. */
    this.seen = false;
    this.timers = { pause: 0, calm: 0, slow: 0 };
    this.form.addEventListener("input", () => this.changed());
    this.form.addEventListener(
      "focusout",
      ({ relatedTarget }) => this.form.contains(/** @type {any} */ (relatedTarget)) || this.commit(),
    );
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.commit();
    });
  }

  get value() {
    return readAnswer(this.form, this.formKind);
  }

  get versions() {
    return session.tree.versions.get(this.key) ?? [];
  }

  get latest() {
    return this.versions.at(-1);
  }

  get inUse() {
    return this.dirty || this.drafting || this.form.contains(document.activeElement);
  }

  /** What travels with the words, so that they still mean something after any edit. */
  get context() {
    const { kind, of, prompt } = this.section.dataset;
    const { page, pageTitle } = session.island;
    const common = { key: this.key, page, pageTitle, moment: session.moment?.id ?? "" };
    if (this.key !== this.id)
      return {
        ...common,
        kind: "reflect",
        prompt: first(".prompt", this.section).textContent.trim(),
        asked: this.id,
      };
    return { ...common, kind, prompt, ...(of && { of }) };
  }

  get answer() {
    const label = labelOf(this.form, this.formKind, this.value);
    return { type: "answer", value: this.value, ...(label && { label }), ...this.context };
  }

  get draftId() {
    return `${this.key}|${tab}|1`;
  }

  changed() {
    this.dirty = true;
    if (this.told && loses(this.told.value, this.value)) {
      session.store.write({ log: [stamp(this.told)] });
      this.told = null;
    }
    this.countWords();
    say(this.section, "");
    wouldBeLost(this, true);
    clearTimeout(this.timers.pause);
    this.timers.pause = window.setTimeout(
      () => this.commit(),
      this.formKind === "words" ? pauses.words : pauses.other,
    );
    if (session.facts) this.keepDraft();
  }

  get draft() {
    return { ...stamp(this.answer), id: this.draftId, tab };
  }

  /** The page goes, maybe for good. */
  leave() {
    if (session.facts && (this.dirty || this.writing)) session.store.leave({ drafts: [this.draft] });
    this.commit();
  }

  /** One write at a time; what was typed meanwhile goes with the next. */
  async keepDraft() {
    this.again = true;
    if (this.drafting) return;
    this.drafting = true;
    while (this.again) {
      this.again = false;
      await this.write(session.store.write({ drafts: [this.draft] }));
    }
    this.drafting = false;
  }

  /** Make a version of what is in the box, if it says anything new. */
  async commit() {
    if (!this.dirty || !session.facts) return;
    clearTimeout(this.timers.pause);
    this.dirty = this.again = false;
    this.told = null;
    const { value, latest } = this;
    if (latest ? latest.value === value : isEmpty(value)) return this.write(this.dropDraft(), true);
    const saving = this.write(record(this.answer).saved.then(() => this.dropDraft()), true);
    afterPress(() => refresh());
    if (!isEmpty(value)) this.section.dispatchEvent(new CustomEvent("learnpath-answered", { bubbles: true }));
    return saving;
  }

  /**
   * The draft goes when its version is on the disk, and not with it: of what a page writes while it is
   * left, WebKit has been seen to lose the new line and to carry out the removal. What was typed
   * meanwhile is a draft under the same id, and stays.
   */
  async dropDraft() {
    if (!this.dirty) await session.store.write({ gone: [this.draftId] });
  }

  /**
   * @param {Promise<void>} work
   * @param {boolean} [atOnce] say so without waiting for a pause in the typing
   */
  async write(work, atOnce = false) {
    const { section, timers } = this;
    this.writing += 1;
    clearTimeout(timers.slow);
    timers.slow = window.setTimeout(() => this.writing && say(section, t("saving")), 1500);
    let failed = false;
    await work.catch((error) => {
      failed = true;
      console.error("learnpath:", error);
    });
    this.writing -= 1;
    if (this.writing || this.again) return;
    wouldBeLost(this, failed || (session.store.kind === "memory" && !isEmpty(this.value)));
    clearTimeout(timers.calm);
    if (failed) say(section, t("unsaved.failed"));
    else
      timers.calm = window.setTimeout(
        () => !this.writing && this.tell(),
        atOnce ? 0 : calm,
      );
  }

  tell() {
    if (this.dirty) this.told = this.answer;
    saySaved(this.section, () => this.text);
  }

  get text() {
    return answerText(/** @type {any} */ (this.answer));
  }

  countWords() {
    const place = first(".word-count", this.section);
    if (this.formKind !== "words" || !place) return;
    const n = countWords(String(this.value), session.island?.lang ?? "");
    place.textContent = t("words", { n });
    place.hidden = !n;
  }

  /** Bring the checkpoint in line with the log. */
  apply() {
    const { section } = this;
    const { revisit } = section;
    if (revisit && !this.inUse) {
      const earlier = revisit.earlier();
      this.key = earlier ? this.id : section.dataset.of;
      this.key = session.aliases.checkpoints[this.key] ?? this.key;
      revisit.show(earlier);
    }
    if (!this.loaded) this.load();
    const { latest } = this;
    if (latest && latest.value !== this.value) {
      if (!this.inUse) this.put(latest.value ?? "");
      else if (!this.dirty) say(section, t("changed"));
    }
    if (this.versions.length > 1) later("earlier").catch(console.error);
    for (const after of all(".after", section)) show(after, !isEmpty(latest?.value));
    sayWhere(section);
  }

  /** Go on from an earlier version. @param {string | number} value */
  use(value) {
    this.put(value);
    this.changed();
    this.commit();
    first("textarea, input, select, button", this.form).focus();
  }

  /** Words that were there before us: typed while the page loaded, or brought back by the browser. */
  load() {
    this.loaded = true;
    const { value } = this;
    const own =
      !isEmpty(value) && !this.versions.some((/** @type {any} */ version) => version.value === value);
    if (this.dirty || own) this.changed();
  }

  /** @param {string | number} value */
  put(value) {
    writeAnswer(this.form, this.formKind, value);
    this.countWords();
  }
}
