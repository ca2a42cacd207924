// @ts-check
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import {
  applyEffects,
  arrival,
  everVisited,
  factsAt,
  gatePassed,
  openingOf,
  pathTo,
  takenHere,
  treeOf,
  twin,
} from "../../themes/default/static/js/moments.js";
import { returnOf } from "../../themes/default/static/js/returning.js";

const { vectors } = JSON.parse(readFileSync(new URL("../vectors/moments.json", import.meta.url), "utf8"));

let count = 0;
/** @param {any} fields */
function entry(fields) {
  count += 1;
  return {
    v: 1,
    seq: count,
    at: `2026-03-01T10:00:00.${String(count).padStart(3, "0")}Z`,
    moment: fields.id,
    ...fields,
  };
}
const opened = (id, page, parent = null, by = null, more = {}) =>
  entry({ type: "opened", id, page, parent, by, gated: false, ...more });
const chose = (id, page, parent, key, option) =>
  entry({ type: "chose", id, page, parent, key, option, effects: [] });
const link = { edge: "link" };

for (const { name, log, aliases, moment, state, facts } of vectors) {
  test(name, () => {
    const found = factsAt(treeOf(log, aliases), moment, state);
    found.visited.sort();
    found.revisited.sort();
    assert.deepEqual(found, facts);
  });
}

test("Reload, back and forward come to the moment of the history entry.", () => {
  const tree = treeOf([opened("m1", "a"), opened("m2", "b", "m1", link), opened("m3", "a", "m2", link)]);
  assert.equal(arrival(tree, "a", "m1", null).moment?.id, "m1");
  assert.equal(arrival(tree, "a", "m1", { from: "m2", by: link }).moment?.id, "m1");
});

test("A history entry of another page, or of what was erased, is not believed.", () => {
  const tree = treeOf([opened("m1", "a"), opened("m2", "b", "m1", link)]);
  assert.deepEqual(arrival(tree, "c", "m1", null), { moment: undefined, parent: "m2", by: null });
  assert.deepEqual(arrival(tree, "c", "gone", null), { moment: undefined, parent: "m2", by: null });
});

test("Following a link makes a child of the moment it was followed from.", () => {
  const tree = treeOf([opened("m1", "a"), opened("m2", "b", "m1", link)]);
  assert.deepEqual(arrival(tree, "c", undefined, { from: "m1", by: link }), {
    moment: undefined,
    parent: "m1",
    by: link,
  });
});

test("Taking the same option again goes forward along the branch that is there.", () => {
  const by = { edge: "choice", block: "x", option: "go", effects: [["trust", "+", 1]] };
  const tree = treeOf([opened("m1", "a"), opened("m2", "b", "m1", by), opened("m3", "c", "m2", link)]);
  assert.equal(arrival(tree, "b", undefined, { from: "m1", by: { ...by, effects: [] } }).moment?.id, "m2");
  const other = arrival(tree, "b", undefined, { from: "m1", by: { ...by, option: "run" } });
  assert.equal(other.moment, undefined);
  assert.equal(other.parent, "m1");
});

test("A jump is a child of the latest moment; to the page that is shown there it is no step at all.", () => {
  const log = [opened("m1", "a"), opened("m2", "b", "m1", link), chose("m3", "b", "m2", "x", "y")];
  assert.equal(arrival(treeOf(log), "c", undefined, null).parent, "m3");
  assert.equal(arrival(treeOf(log), "b", undefined, null).moment?.id, "m3");
  assert.deepEqual(arrival(treeOf([]), "a", undefined, null), { moment: undefined, parent: null, by: null });
});

test("A link to the page it stands on is no step, an option that leads there is one.", () => {
  const tree = treeOf([opened("m1", "a")]);
  assert.equal(arrival(tree, "a", undefined, { from: "m1", by: link }).moment?.id, "m1");
  assert.equal(
    arrival(tree, "a", undefined, { from: "m1", by: { edge: "choice", block: "x", option: "y" } }).moment,
    undefined,
  );
});

test("An option taken on the page and one that leads on are twins only of their own kind.", () => {
  const tree = treeOf([
    opened("m1", "a"),
    chose("m2", "a", "m1", "x", "y"),
    entry({ type: "route", id: "m3", page: "a", parent: "m1", route: null }),
  ]);
  assert.equal(twin(tree, "m1", { type: "chose", page: "a", key: "x", option: "y" })?.id, "m2");
  assert.equal(twin(tree, "m1", { type: "chose", page: "a", key: "x", option: "z" }), undefined);
  assert.equal(twin(tree, "m1", { type: "route", page: "a", route: null })?.id, "m3");
  assert.equal(twin(tree, "m2", { type: "chose", page: "a", key: "x", option: "y" }), undefined);
});

test("Options count as taken here since the page was last opened, and no longer.", () => {
  const tree = treeOf([
    opened("m1", "a"),
    chose("m2", "a", "m1", "x", "y"),
    opened("m3", "a", "m2", link),
    chose("m4", "a", "m3", "x", "z"),
  ]);
  assert.deepEqual([...takenHere(pathTo(tree, "m2"))], ["x|y"]);
  assert.deepEqual([...takenHere(pathTo(tree, "m4"))], ["x|z"]);
  assert.equal(openingOf(pathTo(tree, "m4"))?.id, "m3");
});

test("A circle in a damaged log ends.", () => {
  const tree = treeOf([opened("m1", "a", "m2"), opened("m2", "b", "m1")]);
  assert.equal(pathTo(tree, "m1").length, 2);
});

test("A detour returns to its very place, through detours of its own, until another way is taken.", () => {
  const detour = (anchor) => ({ edge: "detour", anchor });
  const log = [
    opened("m1", "a"),
    opened("m2", "d", "m1", detour("detour-1")),
    opened("m3", "e", "m2", detour("detour-2")),
    opened("m4", "d", "m3", { edge: "return" }),
    opened("m5", "a", "m4", { edge: "return" }),
    opened("m6", "z", "m3", link),
  ];
  const tree = treeOf(log);
  const back = (id) => {
    const found = returnOf(pathTo(tree, id));
    return found && found.moment.page + "#" + found.anchor;
  };
  assert.deepEqual(["m1", "m2", "m3", "m4", "m5", "m6"].map(back), [
    undefined,
    "a#detour-1",
    "d#detour-2",
    "a#detour-1",
    undefined,
    undefined,
  ]);
});

test("A gate passed anyway stays open on the path; one answered on paper stays open for the learner.", () => {
  const pass = (how) => [
    opened("m1", "a"),
    opened("m2", "g", "m1", link, { gated: true }),
    entry({ type: "passed", id: "p", moment: "m2", how }),
    opened("m3", "g", "m2", { edge: "choice" }),
    opened("m4", "g", "m1", { edge: "choice" }),
  ];
  const passed = (how, id) => {
    const tree = treeOf(pass(how));
    return gatePassed(tree, pathTo(tree, id), "g");
  };
  assert.equal(passed("anyway", "m3"), true);
  assert.equal(passed("anyway", "m4"), false);
  assert.equal(passed("paper", "m4"), true);
});

test("Marks know every page seen on any branch, but none of which only the gate was seen.", () => {
  const tree = treeOf([
    opened("m1", "a"),
    opened("m2", "b", "m1"),
    opened("m3", "c", "m1"),
    opened("m4", "g", "m1", null, { gated: true }),
  ]);
  assert.deepEqual([...everVisited(tree)], ["a", "b", "c"]);
});

test("Ids like `constructor` are ids.", () => {
  const variables = { trust: 1 };
  applyEffects(
    variables,
    [
      ["constructor", "+", 1],
      ["constructor", "=", true],
      ["toString", "=", "x"],
    ],
    {},
  );
  assert.deepEqual(variables, { trust: 1 });
  const log = [
    opened("m1", "constructor"),
    entry({ type: "answer", id: "x", moment: "m1", key: "constructor", value: "v" }),
  ];
  assert.deepEqual(factsAt(treeOf([...log, opened("m2", "b", "m1", link)]), "m2", {}).visited, [
    "constructor",
  ]);
  assert.deepEqual(factsAt(treeOf(log), "m1", {}).answers, { constructor: "v" });
});
