// @ts-check
/** Loading a bundle when it is first used: one script element, from our own folder. */
import assert from "node:assert/strict";
import { test } from "node:test";

/** @type {any[]} */
const scripts = [];
/** @type {any} */
const page = globalThis;
/** @type {any} */
let clicked;
page.trustedTypes = {
  createPolicy: (/** @type {string} */ name, /** @type {any} */ rules) => ({
    createScriptURL: (/** @type {string} */ text) => `${name}:${rules.createScriptURL(text)}`,
  }),
};
page.document = {
  createElement: () => {
    const listeners = /** @type {any} */ ({});
    return {
      listeners,
      append() {},
      addEventListener: (/** @type {string} */ type, /** @type {any} */ run) => (listeners[type] = run),
    };
  },
  addEventListener: (/** @type {string} */ type, /** @type {any} */ run) => type === "click" && (clicked = run),
  head: { append: (/** @type {any} */ script) => scripts.push(script) },
};
const { session } = await import("../../themes/default/static/js/session.js");
const { later } = await import("../../themes/default/static/js/later.js");
session.island = { root: "../", later: { notes: "notes.en.0a1b.js", odd: "../../evil/x.js" } };

test("a bundle is loaded once, and all who wait for it go on when it has run", async () => {
  const waits = [later("notes"), later("notes")];
  assert.equal(scripts.length, 1);
  assert.equal(scripts[0].src, "learnpath:../assets/notes.en.0a1b.js");
  scripts[0].listeners.load();
  await Promise.all(waits);
  await later("notes");
  assert.equal(scripts.length, 1);
});

test("what the page does not list is not loaded", async () => {
  const before = scripts.length;
  await assert.rejects(later("nothing"), /nothing/);
  assert.equal(scripts.length, before);
});

test("no name leads out of the folder of our own scripts", () => {
  later("odd").catch(() => {});
  const path = new URL(scripts.at(-1).src.replace("learnpath:", ""), "https://here.example/course/a/b.html").pathname;
  assert.ok(path.startsWith("/course/assets/"), path);
});

test("what could not be had may be asked for again", async () => {
  const before = scripts.length;
  session.island.later.map = "map.js";
  const failing = later("map");
  scripts.at(-1).listeners.error();
  await assert.rejects(failing);
  const again = later("map");
  assert.equal(scripts.length, before + 2);
  scripts.at(-1).listeners.load();
  await again;
});

test("the first click on a control is made again when its bundle has run", async () => {
  const control = {
    dataset: { later: "notes" },
    clicks: 0,
    removeAttribute: () => delete (/** @type {any} */ (control.dataset).later),
    click: () => (control.clicks += 1),
  };
  let prevented = false;
  const target = { closest: (/** @type {string} */ what) => (what === "[data-later]" && control.dataset.later ? control : null) };
  await clicked({ target, preventDefault: () => (prevented = true) });
  assert.ok(prevented);
  assert.equal(control.clicks, 1);
  await clicked({ target, preventDefault: () => assert.fail("only the first") });
});

test("what a page no longer gets because it is being left is no mistake", async () => {
  let told = false;
  session.island.later.trail = "trail.js";
  later("trail").catch(() => (told = true));
  page.document.hidden = true;
  scripts.at(-1).listeners.error();
  await new Promise((done) => setTimeout(done));
  assert.equal(told, false);
});
