// @ts-check
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const folder = new URL("../../themes/default/static/js/", import.meta.url);
const sources = readdirSync(folder)
  .filter((name) => name.endsWith(".js"))
  .map((name) => ({ name, text: readFileSync(new URL(name, folder), "utf8") }));
/** Without comments, which may name what the code must not do. */
const codeOf = (text) => text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");

/** @param {RegExp} pattern */
const offenders = (pattern) =>
  sources.filter(({ text }) => pattern.test(codeOf(text))).map(({ name }) => name);

test("The scripts never call a server.", () => {
  assert.deepEqual(
    offenders(/\b(fetch|XMLHttpRequest|sendBeacon|WebSocket|EventSource|importScripts)\b/),
    [],
  );
});

test("The scripts never turn text into markup or code.", () => {
  assert.deepEqual(
    offenders(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|DOMParser|setHTML/,
    ),
    [],
  );
});

test("The sources keep to the plain form that the build joins into one script.", () => {
  assert.deepEqual(offenders(/^\s*import(?! \{[^}*]*\} from "\.\/[\w-]+\.js";$)/m), []);
  assert.deepEqual(offenders(/\bimport\s*\(|^export (default|\{|\*)|\bas\b.*\bfrom\b|^await /m), []);
});

test("Every script is checked for its types.", () => {
  assert.deepEqual(
    sources.filter(({ text }) => !text.startsWith("// @ts-check\n")).map(({ name }) => name),
    [],
  );
});

test("Every word the scripts say is in the English catalogue, and none is left over.", () => {
  const catalogue = JSON.parse(
    readFileSync(new URL("../../themes/default/strings/en.json", import.meta.url), "utf8"),
  );
  const keys = Object.keys(catalogue)
    .filter((key) => key.startsWith("js."))
    .map((key) => key.slice(3));
  const counted = (key) => key.replace(/\.(one|other)$/, "");
  const known = new Set([...keys, ...keys.map(counted)]);
  const said = new Set();
  for (const { text } of sources) {
    for (const [call] of codeOf(text).matchAll(/\bt\((?:[^()"]*\? )?"[^)]*/g)) {
      const key = call.split(/[,{]/)[0];
      for (const [, literal] of key.matchAll(/"([^"]+)"/g)) said.add(literal);
    }
  }
  const reasons = ["failed", "newer", "no-id"];
  const made = [
    ...reasons.flatMap((reason) => [`unsaved.${reason}`, `where.${reason}`]),
    ...["where.file", "where.local", "where.browser", "route.previous", "route.next"],
    ...["saved", "saved.local", "saved.shared", "where.shared"],
    ...["no-journal", "newer", "other-course", "damaged", "changed", "too-large"].map(
      (reason) => `journal.refused.${reason}`,
    ),
    ...["no-packet", "newer", "other-course", "damaged", "changed", "too-large"].map(
      (reason) => `share.refused.${reason}`,
    ),
  ];
  for (const why of ["asked", "builds_on", "contrasts", "perspective", "case", "deepens", "detour", "choice", "link"])
    made.push(`next.${why}`);
  for (const key of made) said.add(key);
  said.delete("route.");
  assert.deepEqual(
    [...said].filter((key) => !known.has(key)),
    [],
    "said, but not in the catalogue",
  );
  assert.deepEqual(
    keys.filter((key) => !said.has(key) && !said.has(counted(key))),
    [],
    "in the catalogue, but never said",
  );
});
