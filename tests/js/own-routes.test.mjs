// @ts-check
/** Routes of a learner's own, as the log has them: whoever wrote it. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { ownRoutes, seenFromHere } from "../../themes/default/static/js/own-routes.js";
import { session } from "../../themes/default/static/js/session.js";

const step = (page, url = `${page}.html`) => ({ page, title: page.toUpperCase(), url });
const kept = (value, more = {}) => [{ type: "plan", key: "own:1", value: JSON.stringify(value), ...more }];
const hold = (...versions) => (session.tree = { own: new Map(versions.map((each, at) => [at, each])) });
session.island = { root: "../", page: "b", plan: "../plan.html" };

test("The latest version of a route counts, and what is no route is none.", () => {
  const first = kept({ title: "Old", steps: [] });
  const second = kept({ title: "New", steps: [step("a"), step("x/b")] });
  hold([...first, ...second], kept({ title: "A note" }, { type: "note" }), kept("nonsense"), kept(null));
  assert.deepEqual(ownRoutes(), [{ id: "own:1", title: "New", steps: [step("a"), step("x/b")] }]);
});

test("A step that leads out of the site is left out.", () => {
  const bad = ["javascript:alert(1)//.html", "//evil.example/a.html", "../../a.html", "https://evil.example/a.html", "\\\\a.html", 7, null];
  hold(kept({ title: "T", steps: [...bad.map((url) => step("a", /** @type {any} */ (url))), null, "x", step("b")] }));
  assert.deepEqual(ownRoutes()[0].steps, [step("b")]);
});

test("From a page that is a step, the steps beside it are seen; from elsewhere none.", () => {
  const route = { id: "own:1", title: "T", steps: [step("a"), step("b"), step("c")] };
  const { step: at, of, previous, next, url } = seenFromHere(route);
  assert.deepEqual([at, of, url], [2, 3, "../plan.html#own-routes"]);
  assert.equal(previous.url, "../a.html");
  assert.equal(next.url, "../c.html");
  session.island.page = "z";
  assert.equal(seenFromHere(route).step, 0);
  assert.ok(!seenFromHere(route).next);
});

test("Steps that the course has no more are passed over, not counted, and named on the way.", () => {
  session.island.page = "b";
  const route = { id: "own:1", title: "T", steps: [step("x"), step("b"), step("c"), step("d"), step("e"), step("f")] };
  const { step: at, of, previous, gone, next } = seenFromHere(route, new Set(["x", "c", "d", "f"]));
  assert.deepEqual([at, of, previous, gone, next.page], [1, 2, undefined, ["C", "D"], "e"]);
  session.island.page = "e";
  assert.deepEqual(seenFromHere(route, new Set(["f"])).gone, ["F"]);
  session.island.page = "elsewhere";
  assert.deepEqual(seenFromHere(route, new Set(["c"])).gone, []);
});
