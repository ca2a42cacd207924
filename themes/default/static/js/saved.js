// @ts-check
/**
 * What is said about saving. "Saved" only when the words are on the disk; and where they cannot be
 * kept, plain words with Copy and Download beside them.
 */
import { button, first, make } from "./dom.js";
import { later } from "./later.js";
import { alone, guarded, session } from "./session.js";
import { t } from "./strings.js";
import { clock } from "./time.js";

/** Checkpoints with words that are nowhere but in their box. */
const unsaved = new Set();

/** @param {BeforeUnloadEvent} event */
const ask = (event) => event.preventDefault();

/**
 * The browser asks before leaving only while something would be lost.
 * @param {any} checkpoint
 * @param {boolean} lost
 */
export function wouldBeLost(checkpoint, lost) {
  if (lost) unsaved.add(checkpoint);
  else unsaved.delete(checkpoint);
  if (unsaved.size) addEventListener("beforeunload", ask);
  else removeEventListener("beforeunload", ask);
}

/**
 * @param {any} section
 * @param {string} words
 */
export function say(section, words) {
  const status = first(".saved", section);
  if (status.textContent !== words) status.textContent = words;
}

/**
 * @param {any} section
 * @param {() => string} text what is in the box
 */
export function saySaved(section, text) {
  const { kind, reason } = session.store;
  if (kind === "memory") {
    say(section, t(`unsaved.${reason}`));
    offerRescue(section, text);
  } else {
    const key = session.shared ? "saved.shared" : kind === "local" ? "saved.local" : "saved";
    say(section, t(key, { time: clock(new Date()) }));
    if (kind === "local") offerRescue(section, text);
    if (!session.shared) stay();
  }
}

/**
 * @param {any} section
 * @param {() => string} text
 */
function offerRescue(section, text) {
  if (first(".rescue", section)) return;
  const copy = button(t("copy"), "copy", () => {
    navigator.clipboard?.writeText(text()).then(
      () => say(section, t("copied")),
      () => first("textarea", section)?.select(),
    );
  });
  const save = make("button", { type: "button", class: "download download-box", "data-later": "page-words" }, t("download"));
  first(".saved", section).after(make("p", { class: "rescue" }, copy, " ", save));
}

let asked = false;

/** Words worth saving are worth keeping when the disk runs low: asked after the first, once. */
function stay() {
  if (asked) return;
  asked = true;
  guarded(() => void navigator.storage?.persist?.().catch(() => {}));
}

/**
 * Where the words will live, said before the first is typed.
 * @param {any} section
 */
export function sayWhere(section) {
  const place = first(".where-kept", section);
  if (!place) return;
  const { kind, reason } = session.store;
  const says = kind === "memory" ? reason : session.shared ? "shared" : alone() ? "file" : kind === "local" ? "local" : "browser";
  if (place.dataset.says === says) return;
  place.dataset.says = says;
  const { privacy } = session.island;
  place.textContent = "";
  // What is said in most browsers is here; the other words come when they are needed.
  if (says === "browser") place.append(t("where.browser"));
  else later("where").catch(console.error);
  if (privacy) place.append(" ", make("a", { href: privacy }, t("where.more")));
  if (privacy && says === "browser") place.append(" · ", make("a", { href: privacy + "#shared" }, t("where.sharing")));
  if (alone())
    place.append(
      " ",
      make("button", { type: "button", class: "download download-page", "data-later": "page-words" }, t("download.page")),
    );
  place.hidden = false;
}
