// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { mostShared, packetFile, packetIn } from "../../themes/default/static/js/packet.js";
import { Refused } from "../../themes/default/static/js/take-in.js";

const at = "2026-11-25T10:00:00.000Z";
const entry = (key, text, more = {}) => ({ key, page: "index", pageTitle: "Start", prompt: "What?", at, text, ...more });
const packet = (entries, more = {}) => ({ from: "f", number: 1, made: at, name: "Ines", consent: "Read it.", entries, ...more });
const refusal = (why) => (error) => error instanceof Refused && error.message === why;
const altered = (change) => {
  const data = JSON.parse(packetFile("c", packet([entry("first", "Mine")])));
  change(data);
  return JSON.stringify(data);
};

test("What was put in comes out, in any script, with a name or none.", () => {
  const whole = packet([entry("first", "Zwei\nZeilen, «عربي» 🍞"), entry("second", "<b>")], { name: "" });
  assert.deepEqual(packetIn(packetFile("c", whole), "c"), whole);
});

test("Half a character and what nobody sees do not get into a file.", () => {
  const [{ text }] = packetIn(packetFile("c", packet([entry("first", "a\ud800b\u0000c\td")])), "c").entries;
  assert.equal(text, "a\ufffdbc\td");
});

test("A packet with no entries says that all was withdrawn.", () => {
  assert.deepEqual(packetIn(packetFile("c", packet([])), "c").entries, []);
});

for (const [why, change] of /** @type {[string, (data: any) => void][]} */ ([
  ["changed", (data) => (data.entries[0].text = "Theirs")],
  ["changed", (data) => (data.name = "Tom")],
  ["changed", (data) => delete data.sha256],
  ["other-course", (data) => (data.course = "d")],
  ["newer", (data) => (data.version = 2)],
  ["newer", (data) => (data.version = "1")],
  ["no-packet", (data) => (data.format = "learnpath-journal")],
  ["damaged", (data) => (data.entries = {})],
  ["damaged", (data) => (data.entries = [null])],
  ["damaged", (data) => data.entries.push({ ...data.entries[0] })],
  ["damaged", (data) => (data.entries[0].text = ["a"])],
  ["damaged", (data) => (data.entries[0].text = " ")],
  ["damaged", (data) => (data.entries[0].text = "x".repeat(mostShared.letters + 1))],
  ["damaged", (data) => (data.entries[0].at = "yesterday")],
  ["damaged", (data) => (data.consent = "")],
  ["damaged", (data) => (data.number = 1.5)],
  ["damaged", (data) => (data.from = null)],
  ["too-large", (data) => (data.entries = Array(mostShared.entries + 1).fill(data.entries[0]))],
])) {
  test(`A file is refused whole, as ${why}: ${change}`, () => {
    assert.throws(() => packetIn(altered(change), "c"), refusal(why));
  });
}

test("What is no JSON, or too much of it, is refused.", () => {
  for (const text of ["", "{", "[]", "null", "7"]) assert.throws(() => packetIn(text, "c"), refusal("no-packet"));
  assert.throws(() => packetIn(" ".repeat(mostShared.bytes + 1), "c"), refusal("too-large"));
});
