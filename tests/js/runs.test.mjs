// @ts-check
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { arrival, factsAt, treeOf } from "../../themes/default/static/js/moments.js";
import { playedHere } from "../../themes/default/static/js/played.js";
import { runNames, runsOf } from "../../themes/default/static/js/runs.js";
import { placesOf } from "../../themes/default/static/js/trail-tree.js";

const { vectors } = JSON.parse(readFileSync(new URL("../vectors/runs.json", import.meta.url), "utf8"));
const ids = (/** @type {any[]} */ list) => list.map(({ id }) => id);

for (const { name, log, runs, latest } of vectors) {
  test(name, () => {
    const tree = treeOf(log);
    const found = [...runsOf(tree, runNames(log)).values()];
    // Of a circle, any of its moments may be the first.
    const parts = (/** @type {any} */ list) => list.map((/** @type {any} */ part) => [...part].sort().join()).sort();
    assert.deepEqual(parts(found.map((run) => ids(run.moments))), parts(Object.values(runs)));
    assert.equal(tree.latest?.id, latest);
  });
}

let count = 0;
const opened = (/** @type {string} */ id, /** @type {string} */ page, /** @type {any} */ parent = null, /** @type {any} */ by = null) => {
  count += 1;
  return /** @type {any} */ ({ v: 1, id, seq: count, at: String(count), moment: id, type: "opened", page, parent, by });
};

test("A new run knows nothing of what was chosen and seen, and all that was written.", () => {
  const log = [
    opened("m1", "a"),
    opened("m2", "b", "m1", { block: "x", option: "y", effects: [["told", "=", true]] }),
    { ...opened("w", ""), type: "answer", key: "first", value: "words" },
    { ...opened("r", ""), type: "run" },
    opened("m3", "b", "r"),
  ];
  const { visited, chose, variables, answers } = factsAt(treeOf(log), "m3", { told: { type: "flag", start: false } });
  assert.deepEqual([visited, chose, variables, answers], [[], {}, { told: false }, { first: "words" }]);
});

test("After going back to another run, a jump goes on from there.", () => {
  const log = [opened("m1", "a"), { ...opened("r", ""), type: "run" }, opened("m2", "b", "r")];
  const back = { ...opened("k", ""), type: "back", moment: "m1" };
  assert.equal(arrival(treeOf(log), "c", undefined, null).parent, "m2");
  assert.equal(arrival(treeOf([...log, back]), "c", undefined, null).parent, "m1");
});

test("A choice was played where one of its options was taken from this very page, on any run.", () => {
  const by = { block: "#1", option: "1" };
  const log = [opened("m1", "a"), opened("m2", "b", "m1", by), opened("m3", "c", "m2", by)];
  assert.deepEqual(ids(playedHere(treeOf(log), "a")), ["m2"]);
});

test("A long run is a long list; what left it is nested where it left.", () => {
  const log = [opened("m1", "a"), opened("m2", "b", "m1"), opened("m3", "c", "m2"), opened("m4", "d", "m1")];
  const tree = treeOf(log);
  const [run] = runsOf(tree, new Map()).values();
  const shape = (/** @type {any} */ places) => places.map(({ moment, branches }) => [moment.id, ...branches.map(shape)]);
  assert.deepEqual(shape(placesOf(tree, run, "m3")), [["m1", [["m4"]]], ["m2"], ["m3"]]);
  assert.deepEqual(shape(placesOf(tree, run, "m4")), [["m1", [["m2"], ["m3"]]], ["m4"]]);
});

test("A log made to nest without end is shown whole, and not deep.", () => {
  const log = [opened("m0", "a")];
  for (let at = 1; at < 4000; at += 1) log.push(opened("m" + at, "a", "m" + (at - 1)), opened("x" + at, "b", "m" + (at - 1)));
  const tree = treeOf(log);
  const [run] = runsOf(tree, new Map()).values();
  let most = 0;
  const size = (/** @type {any} */ places, depth = 1) => {
    most = Math.max(most, depth);
    return places.reduce((sum, { branches }) => sum + 1 + branches.reduce((part, branch) => part + size(branch, depth + 1), 0), 0);
  };
  assert.equal(size(placesOf(tree, run, "x7")), log.length);
  assert.ok(most < 12, String(most));
});
