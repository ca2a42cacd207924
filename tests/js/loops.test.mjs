// @ts-check
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { circlesIn, drawing, linkIn, ownLinks, textOf } from "../../themes/default/static/js/causal.js";

const vectors = JSON.parse(readFileSync(new URL("../vectors/loops.json", import.meta.url), "utf8"));

/** @param {any} shape */
function written(shape) {
  if (typeof shape === "string") return shape;
  const [tag, attributes, ...inner] = shape;
  const head = tag + Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`).join("");
  return inner.length ? `<${head}>${inner.map(written).join("")}</${tag}>` : `<${head}/>`;
}

for (const { name, lines, circles, svg } of vectors) {
  test(`The diagram "${name}" is read, searched and drawn as it is at build time.`, () => {
    const links = lines.map(linkIn);
    assert.deepEqual(links.map(textOf), lines);
    const { told } = circlesIn(links);
    assert.deepEqual(Object.fromEntries(told.map((each) => [each.name, each.links.map(({ origin }) => origin)])), circles);
    assert.equal(written(drawing(links, told, name)), svg);
  });
}

test("A learner's links are spelled as the author's, and what says nothing new is left out.", () => {
  const given = [linkIn("Orders -> stock: more")].filter((link) => link !== null);
  const own = ownLinks("stock -> ORDERS: less\norders -> Stock: less\nnonsense\na -> a: more\nstock -> calm: more, after a delay", given);
  assert.deepEqual(own.map(textOf), ["stock -> Orders: less", "stock -> calm: more, after a delay"]);
});
