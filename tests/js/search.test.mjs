// @ts-check
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { marked, wanted, wordsOf } from "../../themes/default/static/js/fold.js";

/** @type {[string, string[]][]} */
const vectors = JSON.parse(readFileSync(new URL("../vectors/search.json", import.meta.url), "utf-8"));

test("What is typed is taken apart as the build takes pages apart.", () => {
  for (const [text, words] of vectors) assert.deepEqual(wordsOf(text), words, text);
});

test("The last of several signs is not looked for alone; a single one is.", () => {
  assert.deepEqual(wanted("系统思"), ["系统", "统思"]);
  assert.deepEqual(wanted("系"), ["系"]);
  assert.deepEqual(wanted("Loop loop LOOPS"), ["loop", "loops"]);
});

/** @param {string} text @param {string} query */
const seen = (text, query) =>
  marked(text, wanted(query))
    .map(([part, found]) => (found ? `[${part}]` : part))
    .join("");

test("Words are marked as they are written, whatever was typed, and nothing is lost.", () => {
  assert.equal(seen("Été, l’ÉTÉ & late", "ete"), "[Été], l’[ÉTÉ] & late");
  assert.equal(seen("Delays and delayed delay", "delay"), "[Delays] and [delayed] [delay]");
  assert.equal(seen("我们的系统思考很好", "系统思"), "我们的[系统思]考很好");
  assert.equal(seen("في الكتاب كتابان", "كتاب"), "في [الكتاب] [كتابان]");
  assert.equal(seen("<b>bold</b> & b", "bold"), "<b>[bold]</b> & b");
  for (const [text] of vectors) {
    for (const [, words] of vectors) assert.equal(marked(text, words).map(([part]) => part).join(""), text);
  }
});
