// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { linkOf, most, routeIdOf, sharedRoute, trailIn, trailOfFile } from "../../themes/default/static/js/shared-trail.js";
import { within } from "../../themes/default/static/js/within.js";

test("A link carries a name and places, and says them again; whatever letters they have.", () => {
  const hash = linkOf("By the ~garden & back <b>", ["a/b", "c~d", "é"]);
  assert.deepEqual(trailIn(hash), { title: "By the ~garden & back <b>", pages: ["a/b", "c~d", "é"] });
});

test("What is no link of a trail carries none; which of its places there are is not asked here.", () => {
  assert.deepEqual(trailIn("#trail=x~a%2Fb~constructor"), { title: "x", pages: ["a/b", "constructor"] });
  for (const hash of ["", "#at-a", "#trail=", "#trail=x", "#trail=x~%E0%A4%A", "#trail=x" + "~a%2Fb".repeat(5000)])
    assert.equal(trailIn(hash), null, hash.slice(0, 30));
});

test("A link stays short enough to be sent, however long the trail.", () => {
  const hash = linkOf("n".repeat(500), Array.from({ length: 500 }, () => "place/".repeat(30)));
  assert.ok(hash.length <= most.link);
  assert.ok(hash.startsWith("#trail=" + "n".repeat(80) + "~"));
});

test("A file gives its longest run; what is no trail of this course gives nothing.", () => {
  const moments = [{ type: "opened", page: "a/b" }, { type: "chose" }, { type: "opened", page: "é" }, { type: "opened", page: "a/b" }];
  const file = (/** @type {any} */ more) => JSON.stringify({ format: "learnpath-trail", version: 1, course: "c", runs: [{ name: "", moments: [] }, { name: "two", moments }], ...more });
  assert.deepEqual(trailOfFile(file({}), "c"), { title: "two", pages: ["a/b", "é"] });
  const bad = [file({ course: "other" }), file({ version: 2 }), file({ format: "x" }), file({ runs: {} }), file({ runs: [{ moments: 7 }] }), file({ runs: [null] }), "{", "null", " ".repeat(most.file + 1)];
  for (const text of bad) assert.equal(trailOfFile(text, "c"), null, text.slice(0, 60));
});

test("A followed trail is a route, with its steps from the site's root.", () => {
  const id = routeIdOf("Two", "trail.html", [["a/b", "A", "a/b.html"], ["é", "E", "e.html"]]);
  const steps = [{ page: "a/b", title: "A", url: "a/b.html" }, { page: "é", title: "E", url: "e.html" }];
  assert.deepEqual(sharedRoute(id, { root: "../" }), { id, title: "Two", url: "../trail.html", steps });
  assert.equal(sharedRoute("one-hour", { root: "" }), undefined);
});

test("No address of a taken-in trail leads out of the site.", () => {
  for (const url of ["javascript:alert(1)", "https://evil.example/", "//evil.example", "/x", "\\\\evil", "../../x", "a/../../x", 7, null]) assert.equal(within(url), "", String(url));
  assert.equal(within("a/b.html"), "a/b.html");
  const id = routeIdOf("x", "javascript:1", [["p", "P", "p.html"], ["q", "Q", "javascript:alert(1)"]]);
  assert.deepEqual(sharedRoute(id, { root: "" })?.steps, [{ page: "p", title: "P", url: "p.html" }]);
  for (const damaged of ["shared:", "shared:7", "shared:[1,2,3]", "shared:{}"]) assert.equal(sharedRoute(damaged, { root: "" })?.steps.length ?? 0, 0, damaged);
});
