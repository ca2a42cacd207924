// @ts-check
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { countWords, isEmpty } from "../../themes/default/static/js/answer-form.js";
import { sha256 } from "../../themes/default/static/js/sha256.js";
import { t } from "../../themes/default/static/js/strings.js";

test("The checksum is SHA-256 of the UTF-8, at every length around a block.", () => {
  const texts = [
    "",
    "abc",
    "é 課程 👍🏽",
    ..."0123456789"
      .repeat(13)
      .split("")
      .map((_, i, all) => all.slice(0, i).join("")),
  ];
  for (const text of [...texts, "long ".repeat(5000)]) {
    assert.equal(sha256(text), createHash("sha256").update(text).digest("hex"), text.slice(0, 20));
  }
});

test("Words are counted as the language has them.", () => {
  assert.equal(countWords("Orders will jump, then fall.", "en"), 5);
  assert.equal(countWords("  ", "en"), 0);
  assert.ok(countWords("我们以为订单会增加", "zh") > 2);
  assert.equal(countWords("two words", "not a language!"), 2);
});

test("Nothing but white space is no answer; a zero is one.", () => {
  assert.deepEqual(["", " \n", undefined, 0, "0", "x"].map(isEmpty), [true, true, true, false, false, false]);
});

test("A missing text shows its key.", () => {
  assert.equal(t("saved", { time: "10:00" }), "saved");
  assert.equal(t("words", { n: 2 }), "words");
});
