// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { suggestions } from "../../themes/default/static/js/suggest.js";

/** @type {any} */
const ways = {
  pages: {
    game: { title: "The beer game", url: "game.html" },
    chain: { title: "The whole chain", url: "chain.html" },
    push: { title: "Push harder", url: "push.html" },
    delays: { title: "Delays", url: "delays.html", topics: ["Systems thinking"] },
    shop: { title: "The shop", url: "shop.html" },
  },
  edges: [
    ["chain", "builds_on", "game"],
    ["game", "contrasts", "push"],
    ["game", "choice", "shop"],
    ["game", "detour", "hidden"],
  ],
};
const told = (/** @type {any[]} */ list) => list.map(({ page, why, of }) => `${page}: ${why} ${of}`);

test("What could come next has its reason, typed ways before plain ones.", () => {
  assert.deepEqual(told(suggestions(ways, ["game"], [])), [
    "chain: builds_on The beer game",
    "push: contrasts The beer game",
    "shop: choice The beer game",
  ]);
});

test("What was seen is not suggested; a contrast goes both ways.", () => {
  assert.deepEqual(told(suggestions(ways, ["push", "chain"], [])), ["game: contrasts Push harder"]);
});

test("What the learner wrote of comes first, by a title or a topic, whatever its case and accents.", () => {
  assert.deepEqual(told(suggestions(ways, ["chain"], ["Why all these DÉLAYS in my orders?"])), ["delays: asked Delays"]);
  assert.deepEqual(told(suggestions(ways, ["chain"], ["systems, and thinking"])), ["delays: asked Systems thinking"]);
  assert.deepEqual(told(suggestions(ways, [], ["the"])), []);
});

test("A page that is not listed yet gives nothing away, and neither do ids like `constructor`.", () => {
  assert.deepEqual(told(suggestions(ways, ["constructor", "hidden"], [])), []);
});
