// @ts-check
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { numberText } from "../../themes/default/static/js/model-chart.js";
import { inRow } from "../../themes/default/static/js/model-told.js";
import { rowsOf } from "../../themes/default/static/js/model-run.js";

const vectors = JSON.parse(readFileSync(new URL("../vectors/models.json", import.meta.url), "utf8"));

for (const { name, program, decisions, rows } of vectors) {
  test(`The model "${name}" runs as it does at build time.`, () => {
    const own = new Map(rowsOf(program, {}, decisions).map((row) => [row.time.toFixed(6), row]));
    for (const row of rows) {
      const mine = own.get(row.time.toFixed(6));
      assert.ok(mine, `no moment ${row.time}`);
      for (const [key, value] of Object.entries(row)) {
        if (value === null) assert.ok(Number.isNaN(mine[key]), `${key} at ${row.time}`);
        else assert.ok(Math.abs(mine[key] - value) <= 1e-9 * Math.max(1, Math.abs(value)), `${key} at ${row.time}: ${mine[key]} ${value}`);
      }
    }
  });
}

test("Numbers are written as the build writes them.", () => {
  const pairs = [[0, "0"], [-0.0001, "0"], [1234.5, "1235"], [12.346, "12.35"], [-3.1, "−3.1"], [0.0625, "0.063"], [NaN, "–"], [120.04, "120"], [10, "10"]];
  for (const [value, text] of pairs) assert.equal(numberText(Number(value)), text);
});

test("A long row of the same is told once.", () => {
  assert.equal(inRow(["4", "4", "8", ...Array(33).fill("20")]), "4, 4, 8, 20 (× 33)");
  assert.equal(inRow(["9", "9", "9", "4"]), "9, 9, 9, 4");
  assert.equal(inRow([]), "");
});
