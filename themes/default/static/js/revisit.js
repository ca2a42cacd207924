// @ts-check
/**
 * A revisit shows the earlier words beside a new box. Where there are none, it asks the first
 * question instead and keeps the answer as the first one's.
 */
import { all, first, make } from "./dom.js";
import { openingOf, pathTo } from "./moments.js";
import { opening, session } from "./session.js";
import { t } from "./strings.js";
import { dateAndTime } from "./time.js";
import { answerText, wordsOf } from "./words.js";

/**
 * The words this revisit looks back on. What it asked for itself, on this very visit, is not
 * earlier: a reload must not turn the box away from what was just written there.
 * @param {any} section
 * @returns {import("./moments.js").Entry | undefined}
 */
function earlierAnswer({ dataset }) {
  const visit = opening()?.id;
  const { aliases, tree } = session;
  const versions = tree.versions.get(aliases.checkpoints[dataset.of] ?? dataset.of) ?? [];
  const here = (/** @type {any} */ { asked, moment }) =>
    asked === dataset.checkpoint && openingOf(pathTo(tree, moment))?.id === visit;
  return versions.filter((/** @type {any} */ version) => String(version.value ?? "").trim() && !here(version)).pop();
}

/** @type {WeakMap<Element, Node[]>} the revisit's own question, while the first one is asked */
const ownQuestions = new WeakMap();

/**
 * @param {any} section
 * @param {import("./moments.js").Entry | undefined} earlier
 */
function showEarlier(section, earlier) {
  const quote = first(".earlier blockquote", section);
  const prompt = first(".prompt", section);
  const then = first(".then", section);
  if (!ownQuestions.has(prompt)) ownQuestions.set(prompt, [...prompt.childNodes]);
  const asksFirst = !earlier;
  const question =
    asksFirst && quote ? [...quote.cloneNode(true).childNodes] : (ownQuestions.get(prompt) ?? []);
  prompt.replaceChildren(...question);
  if (quote) quote.hidden = asksFirst;
  section.toggleAttribute("data-asks-first", asksFirst);
  then.hidden = false;
  if (earlier)
    then.replaceChildren(
      make("p", { class: "when-written" }, t("then", { date: dateAndTime(earlier.at) })),
      wordsOf(answerText(earlier)),
    );
  else then.replaceChildren(make("p", {}, t("then.none")));
}

// Before the checkpoints of the page, each of which asks what lies in its section.
for (const section of all(".checkpoint[data-of]")) {
  section.revisit = {
    earlier: () => earlierAnswer(section),
    show: (/** @type {any} */ earlier) => showEarlier(section, earlier),
  };
}
