// @ts-check
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { evaluate, holds, namesIn } from "../../themes/default/static/js/conditions.js";

const { vectors } = JSON.parse(readFileSync(new URL("../vectors/conditions.json", import.meta.url), "utf8"));
const nothing = { variables: {}, visited: [], chose: {}, route: null, answers: {}, revisited: [] };

test("The evaluator agrees with every shared vector.", () => {
  for (const { text, tree, facts, value } of vectors) {
    assert.equal(holds(tree, facts), value, `${text} with ${JSON.stringify(facts)}`);
  }
});

test("A tree from a later release that this evaluator does not know is false, not an error.", () => {
  for (const tree of [["seldom", "x"], [], ["constructor"], [["and"]], null, undefined, false]) {
    assert.equal(holds(tree, nothing), false);
  }
});

test("A count is a number, and what is not known is null.", () => {
  assert.equal(evaluate(["count", 1, 0, "x"], nothing), 2);
  assert.equal(evaluate(["answer", "x"], nothing), null);
  assert.equal(evaluate(["+", ["var", "x"], 1], nothing), null);
});

test("The names in a condition are what it asks about, wherever they stand.", () => {
  const tree = [
    "or",
    ["not", ["visited", "a"]],
    [">=", ["count", ["answered", "b"], ["route"]], ["var", "c"]],
  ];
  assert.deepEqual(namesIn(tree), [
    ["visited", "a"],
    ["answered", "b"],
    ["route", undefined],
    ["var", "c"],
  ]);
});
