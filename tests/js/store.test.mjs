// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { Store, versionOf } from "../../themes/default/static/js/store.js";

/** localStorage as browsers have it: entries are properties, methods are not. */
class FakeStorage {
  constructor() {
    Object.defineProperty(this, "room", { value: { left: Infinity } });
  }
  setItem(key, text) {
    if (this.room.left < text.length) throw new DOMException("full", "QuotaExceededError");
    this[key] = text;
  }
  removeItem(key) {
    delete this[key];
  }
}

let count = 0;
const answer = (key, value, more = {}) => {
  count += 1;
  return {
    v: 1,
    id: `e${count}`,
    seq: count,
    at: new Date().toISOString(),
    moment: "m1",
    type: "answer",
    key,
    value,
    ...more,
  };
};
const draftOf = (key, value, tab = "t1", more = {}) => ({
  ...answer(key, value, more),
  id: `${key}|${tab}|1`,
  tab,
});
const opened = (localStorage, name = "learnpath:c") =>
  new Store().open(name, { indexedDB: undefined, localStorage });
const values = (store) => store.log.filter((entry) => entry.type === "answer").map((entry) => entry.value);

test("Without IndexedDB words go to localStorage and are there the next time.", async () => {
  const storage = new FakeStorage();
  const store = await opened(storage);
  assert.equal(store.kind, "local");
  await store.write({ log: [answer("a", "one")] });
  assert.deepEqual(values(await opened(storage)), ["one"]);
});

test("Two tabs do not overwrite each other.", async () => {
  const storage = new FakeStorage();
  const [one, two] = [await opened(storage), await opened(storage)];
  for (let i = 0; i < 50; i += 1) {
    await one.write({ log: [answer("a", `one ${i}`)] });
    await two.write({ log: [answer("a", `two ${i}`)] });
  }
  assert.equal(values(await opened(storage)).length, 100);
});

test("Where touching a store throws, words stay in memory, and that is said.", async () => {
  const browser = {
    get indexedDB() {
      throw new DOMException("no", "SecurityError");
    },
    get localStorage() {
      throw new DOMException("no", "SecurityError");
    },
  };
  const store = await new Store().open("learnpath:c", browser);
  await store.write({ log: [answer("a", "one")] });
  assert.deepEqual([store.kind, store.reason, values(store)], ["memory", "failed", ["one"]]);
});

test("A course without an id keeps nothing.", async () => {
  const storage = new FakeStorage();
  const store = await opened(storage, "");
  await store.write({ log: [answer("a", "one")] });
  assert.deepEqual([store.kind, store.reason, Object.keys(storage)], ["memory", "no-id", []]);
});

test("A write that fails steps down, is tried there, and what was there before is still known.", async () => {
  const storage = new FakeStorage();
  const store = await opened(storage);
  let troubles = 0;
  store.onTrouble = () => (troubles += 1);
  await store.write({ log: [answer("a", "one")] });
  storage.room.left = 0;
  await Promise.all([
    store.write({ log: [answer("a", "two")] }),
    store.write({ log: [answer("b", "three")] }),
  ]);
  assert.deepEqual(
    [store.kind, store.reason, troubles, values(store)],
    ["memory", "failed", 1, ["one", "two", "three"]],
  );
  await store.reload();
  assert.deepEqual(values(store), ["one", "two", "three"]);
});

test("Courses on one machine do not see each other's words.", async () => {
  const storage = new FakeStorage();
  await (await opened(storage, "learnpath:c")).write({ log: [answer("a", "one")] });
  assert.deepEqual(values(await opened(storage, "learnpath:other")), []);
  assert.deepEqual(values(await opened(storage, "learnpath-preview:c")), []);
});

test("What is damaged in the store is passed over, and the rest is read.", async () => {
  const storage = new FakeStorage();
  await (await opened(storage)).write({ log: [answer("a", "one")] });
  storage["learnpath:c:log:broken"] = "{";
  assert.deepEqual(values(await opened(storage)), ["one"]);
});

test("A draft that a killed page left becomes a version, once.", async () => {
  const storage = new FakeStorage();
  const store = await opened(storage);
  const draft = draftOf("a", "half a sen");
  await store.write({ drafts: [draft] });
  assert.deepEqual(values(await opened(storage)), ["half a sen"]);
  assert.deepEqual(values(await opened(storage)), ["half a sen"]);
  assert.equal(versionOf(draft).id, versionOf({ ...draft }).id);
});

test("A draft that says what the last version says makes none.", async () => {
  const storage = new FakeStorage();
  const store = await opened(storage);
  await store.write({ log: [answer("a", "done")], drafts: [draftOf("a", "done")] });
  assert.deepEqual(values(await opened(storage)), ["done"]);
});

test("A young draft stays, for its tab may live; an old one goes once it is a version.", async () => {
  const storage = new FakeStorage();
  const old = new Date(Date.now() - 3_600_000).toISOString();
  await (
    await opened(storage)
  ).write({ drafts: [draftOf("a", "young"), draftOf("b", "old", "t2", { at: old })] });
  await opened(storage);
  const drafts = Object.keys(storage).filter((key) => key.includes(":drafts:"));
  assert.deepEqual(drafts, ["learnpath:c:drafts:a|t1|1"]);
  assert.deepEqual(values(await opened(storage)).sort(), ["old", "young"]);
});

test("An older draft does not become the latest word: it keeps its place in the order.", async () => {
  const storage = new FakeStorage();
  const draft = draftOf("a", "earlier");
  const store = await opened(storage);
  await store.write({ log: [answer("a", "later")], drafts: [draft] });
  assert.deepEqual(values(await opened(storage)), ["earlier", "later"]);
});

test("Data of a later release is read and left alone.", async () => {
  const storage = new FakeStorage();
  await (await opened(storage)).write({ log: [answer("a", "from the future", { v: 2 })] });
  const before = JSON.stringify(storage);
  const store = await opened(storage);
  await store.write({ log: [answer("a", "from now")] });
  assert.deepEqual([store.kind, store.reason], ["memory", "newer"]);
  assert.deepEqual(values(store), ["from the future", "from now"]);
  assert.equal(JSON.stringify(storage), before);
});

test("What another tab wrote or erased is known after a reload.", async () => {
  const storage = new FakeStorage();
  const [one, two] = [await opened(storage), await opened(storage)];
  await one.write({ log: [answer("a", "one")] });
  await two.reload();
  assert.deepEqual(values(two), ["one"]);
  await one.write({ clear: true, log: [{ ...answer("", ""), type: "erased" }] });
  await two.reload();
  assert.deepEqual(values(two), []);
});

test("Each entry's number is above all that was known, whatever the clock says.", async () => {
  const storage = new FakeStorage();
  const store = await opened(storage);
  assert.equal(store.next, 1);
  await store.write({ log: [{ ...answer("a", "one"), seq: 41 }] });
  assert.equal(store.next, 42);
});

test("Others are told when lines were added, not for every keystroke of a draft.", async () => {
  const store = await opened(new FakeStorage());
  let told = 0;
  store.onAdded = () => (told += 1);
  await store.write({ drafts: [draftOf("a", "typing")] });
  assert.equal(told, 0);
  await store.write({ log: [answer("a", "typed")] });
  assert.equal(told, 1);
});

test("What another tab had to put on a lower rung is known after a reload, and not lost when the rest moves up.", async () => {
  const storage = new FakeStorage();
  const [top, other] = [await opened(storage, "learnpath:top"), await opened(storage)];
  await other.write({ log: [answer("a", "there before")] });
  const lower = other.shelves[0];
  // A store with a better rung above the one that the other tab writes to, as a browser with a database.
  const best = { ...top.shelves[0], kind: "database" };
  const store = new Store();
  store.shelves = [best, lower, top.shelves[1]];
  await store.reload();
  assert.deepEqual(values(store), ["there before"]);
  await other.write({ log: [answer("a", "meanwhile")] });
  await store.reload();
  assert.deepEqual(values(store), ["there before", "meanwhile"]);
});

test("The number of the next entry does not depend on how many there are.", async () => {
  const store = await opened(new FakeStorage());
  store.learn(Array.from({ length: 200_000 }, (_, n) => ({ ...answer("a", "x"), id: `n${n}`, seq: n })));
  assert.equal(store.next, 200_000);
});
