// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { sha256 } from "../../themes/default/static/js/sha256.js";
import { foundIn, most, Refused } from "../../themes/default/static/js/take-in.js";

const at = "2026-11-25T10:00:00.000Z";
const answer = (id, value, more = {}) => ({
  ...{ v: 1, id, seq: 1, at, moment: "m", type: "answer", device: "d", run: "1" },
  ...{ key: "first", value, prompt: "What?", page: "index", pageTitle: "Start", kind: "reflect" },
  ...more,
});
const file = (log, more = {}, drafts = []) =>
  JSON.stringify({
    ...{ format: "learnpath-journal", version: 1, course: "c", title: "C", exported: at, log, drafts },
    sha256: sha256(JSON.stringify([log, drafts])),
    ...more,
  });
const here = (...entries) => new Map(entries.map((entry) => [entry.id, entry]));
const refusal = (why) => (error) => error instanceof Refused && error.message === why;

test("What is new is found, and what is here already is left as it is.", () => {
  const mine = answer("a", "Mine, and longer by now");
  const found = foundIn(file([answer("a", "Mine"), answer("b", "Theirs")]), "c", here(mine));
  assert.deepEqual(found, { log: [answer("b", "Theirs")], known: 1 });
});

test("Taking a file in twice adds nothing the second time.", () => {
  const text = file([answer("a", "One"), answer("b", "Two")]);
  const { log } = foundIn(text, "c", here());
  assert.equal(log.length, 2);
  assert.deepEqual(foundIn(text, "c", here(...log)).log, []);
});

test("A draft becomes a version, unless its words are in a version already.", () => {
  const draft = (id, value) => ({ ...answer(id, value), tab: "t" });
  const found = foundIn(file([answer("a", "Said")], {}, [draft("k|t|1", "Half a th"), draft("l|t|1", "Said")]), "c", here());
  assert.deepEqual(found.log.map(({ id, value }) => [id, value]), [["a", "Said"], [`k|t|1|${at}`, "Half a th"]]);
});

test("An erasure in a file takes nothing away here.", () => {
  const erased = { v: 1, id: "e", seq: 9, at, moment: "m", type: "erased" };
  assert.deepEqual(foundIn(file([erased]), "c", here(answer("a", "Kept"))).log, []);
});

test("A line is made anew of the fields that lines have; whatever else is in it stays outside.", () => {
  const odd = JSON.parse('{"__proto__": {"x": 1}, "constructor": "y", "onclick": "z"}');
  const { log } = foundIn(file([{ ...answer("a", "One"), ...odd, extra: { deep: [] } }]), "c", here());
  assert.deepEqual(log, [answer("a", "One")]);
  assert.equal(Object.hasOwn(log[0], "__proto__"), false);
});

const opened = (more) => ({ v: 1, id: "o", seq: 1, at, moment: "o", type: "opened", page: "index", parent: null, ...more });

test("An address that leads out of the site is refused.", () => {
  for (const url of ["javascript:alert(1)", "https://evil.example/", "//evil.example/", "\\\\evil.example", "/etc/passwd", "../up.html", "a/../../up.html"]) {
    assert.throws(() => foundIn(file([opened({ url })]), "c", here()), refusal("damaged"), url);
  }
  assert.equal(foundIn(file([opened({ url: "a/b%3Ac.html" })]), "c", here()).log.length, 1);
});

test("The trail comes with its steps and effects.", () => {
  const by = { block: "b", option: "x", edge: "choice", effects: [["trust", "+", 1]] };
  assert.deepEqual(foundIn(file([opened({ by })]), "c", here()).log, [opened({ by })]);
});

for (const [why, text] of [
  ["no-journal", ""],
  ["no-journal", "<script>alert(1)</script>"],
  ["no-journal", "[]"],
  ["no-journal", "null"],
  ["no-journal", '{"format": "else"}'],
  ["no-journal", "[".repeat(100_000)],
  ["newer", file([], { version: 2 })],
  ["newer", file([], { version: "1" })],
  ["newer", file([answer("a", "One", { v: 99 })])],
  ["other-course", file([], { course: "d" })],
  ["damaged", file([], { log: {} })],
  ["changed", file([answer("a", "One")], { log: [answer("a", "Two")] })],
  ["changed", file([answer("a", "One")], { sha256: undefined })],
  ["damaged", file([null])],
  ["damaged", file([[]])],
  ["damaged", file([answer("", "x")])],
  ["damaged", file([answer("a", { html: "x" })])],
  ["damaged", file([answer("a", "x", { seq: "1" })])],
  ["damaged", file([answer("a", "x", { seq: 1e300 })])],
  ["damaged", file([answer("a", "x", { prompt: ["x"] })])],
  ["damaged", file([answer("a", "x".repeat(most.letters + 1))])],
  ["damaged", file([opened({ by: "x" })])],
  ["damaged", file([opened({ by: { block: {} } })])],
  ["damaged", file([opened({ by: { effects: [["a", "eval", 1]] } })])],
  ["damaged", file([opened({ effects: Array(101).fill(["a", "=", 1]) })])],
  ["too-large", " ".repeat(most.bytes + 1)],
]) {
  test(`Refused as ${why}, with nothing taken: ${text.slice(0, 60)} (${text.length}).`, () => {
    assert.throws(() => foundIn(text, "c", here()), refusal(why));
  });
}

test("A million lines are refused before any of them is looked at.", () => {
  const text = `{"format":"learnpath-journal","version":1,"course":"c","log":[${"0,".repeat(1_000_000)}0]}`;
  assert.throws(() => foundIn(text, "c", here()), refusal("too-large"));
});

test("A number that others count on from is one that somebody can have come to.", () => {
  for (const seq of [Number.MAX_SAFE_INTEGER, most.seq + 1, -1, 1.5, "7", null]) {
    assert.throws(() => foundIn(file([answer("a", "One", { seq })]), "c", here()), refusal("damaged"), String(seq));
  }
});

test("Names are short, words may be long, and neither is without end.", () => {
  const long = (letters) => "x".repeat(letters);
  for (const key of ["id", "at", "page", "pageTitle", "key", "name", "moment", "rev"]) {
    assert.throws(() => foundIn(file([answer("a", "One", { [key]: long(most.name + 1) })]), "c", here()), refusal("damaged"), key);
  }
  assert.throws(() => foundIn(file([answer("a", long(most.letters + 1))]), "c", here()), refusal("damaged"));
  assert.equal(foundIn(file([answer("a", long(300_000))]), "c", here()).log.length, 1);
});

test("Wrong types anywhere are refused, and nothing of the file is taken.", () => {
  const wrong = [null, 7, "line", [], answer(7, "x"), answer("a", {}), answer("a", [1]), answer("a", "x", { at: 5 }),
    answer("a", "x", { prompt: ["x"] }), answer("a", "x", { by: "x" }), answer("a", "x", { by: { effects: "x" } }),
    answer("a", "x", { effects: [["a", "*", 1]] }), answer("a", "x", { keys: "all" }), answer("a", NaN)];
  for (const line of wrong) {
    assert.throws(() => foundIn(file([answer("b", "good"), line]), "c", here()), refusal("damaged"), JSON.stringify(line));
  }
});

test("What is nested without end is refused with a reason.", () => {
  const deep = "[".repeat(200_000) + "]".repeat(200_000);
  const text = file([]).replace('"log":[]', `"log":[{"x":${deep}}]`);
  assert.throws(() => foundIn(text, "c", here()), (error) => error instanceof Refused);
});

test("What a page wrote is taken back whole, with the revision that was read.", () => {
  const line = opened({ url: "a.html", rev: "0a33829c1efd7366", gated: true, by: { edge: "choice", block: "b", option: "o", label: "Go", effects: [["t", "+", 1]] } });
  assert.deepEqual(foundIn(file([line]), "c", here()).log, [line]);
});
