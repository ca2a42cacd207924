// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

Object.assign(globalThis, { learnpath: {}, document: { addEventListener: () => {}, querySelectorAll: () => [] } });
const { crc32 } = await import("../../themes/default/static/js/pieces.js");
const { isChanged, readingsIn } = await import("../../themes/default/static/js/readings.js");

test("A page is looked for in the file that the build put it into.", () => {
  // As Python's zlib.crc32 says of the same ids.
  assert.equal(crc32(""), 0);
  assert.equal(crc32("part/page-7"), 3140541360);
  assert.equal(crc32("île/été"), 1990688310);
});

/** @param {any} fields */
const line = (fields) => ({ v: 1, seq: 1, id: fields.page + fields.rev, at: "2026-03-01T10:00:00Z", moment: "", type: "opened", ...fields });

test("The last reading counts, under today's name of the page, and a closed gate was no reading.", () => {
  const log = [
    line({ page: "old", rev: "aaaaaaaa" }),
    line({ page: "new", rev: "bbbbbbbb", type: "read" }),
    line({ page: "gate", rev: "cccccccc", gated: true }),
    line({ page: "met", rev: "dddddddd", gated: true }),
  ];
  const found = readingsIn(log, { old: "new" }, new Set(["metdddddddd"]));
  assert.deepEqual([...found.keys()], ["new", "met"]);
  assert.deepEqual(found.get("new")?.map(({ rev }) => rev), ["aaaaaaaa", "bbbbbbbb"]);
});

test("A change is said only of words that were read, against those of any language.", () => {
  const read = { rev: "aaaaaaaa", at: "" };
  assert.equal(isChanged(read, "bbbbbbbb cccccccc"), true);
  assert.equal(isChanged(read, "aaaaaaaa cccccccc"), false);
  assert.equal(isChanged(read, undefined), false);
  assert.equal(isChanged(read, ""), false);
  assert.equal(isChanged({ rev: "0123456789abcdef", at: "" }, "bbbbbbbb"), false);
  assert.equal(isChanged(undefined, "bbbbbbbb"), false);
});
