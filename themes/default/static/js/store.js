// @ts-check
/**
 * Where a learner's words are kept: IndexedDB, or else localStorage, or else this page's memory.
 * A write that fails steps down one rung and is tried again there, so no caller ever has to.
 * One record per entry, so that two tabs cannot overwrite each other; later they are joined. No document
 * here.
 */
import { byOrder } from "./moments.js";

/** @typedef {import("./moments.js").Entry} Entry */
/** @typedef {Entry & {tab: string}} Draft the entry it will become, under the id key|tab|run */
/** @typedef {"log" | "drafts"} Kind */
/** @typedef {{log: Entry[], drafts: Draft[], newer?: boolean}} Kept `newer`: a later release wrote it */
/**
 * @typedef {object} Change
 * @property {boolean} [clear] first remove all there is
 * @property {string[]} [remove] ids of lines to erase, where they were not joined (`removing.js`)
 * @property {Entry[]} [log]
 * @property {Draft[]} [drafts]
 * @property {string[]} [gone] ids of drafts
 */
/**
 * @typedef {object} Shelf
 * @property {string} kind database, local or memory
 * @property {() => Promise<Kept>} read
 * @property {(change: Change) => Promise<any>} write resolves when the words are on the disk
 * @property {(mode: IDBTransactionMode, work: (transaction: IDBTransaction, newer: boolean) => any, lines?: number) => Promise<any>} [transact]
 *   what the work gives, if anything, is still to come
 */

export const dataVersion = 1;
const patience = 4000;
/** A draft this old belongs to no tab that lives: those make a version after seconds. */
const drafted = 600_000;

/**
 * Each browser refuses in its own way; touching `localStorage` alone may throw.
 * @template T
 * @param {() => T} get
 * @returns {T | null}
 */
export function reach(get) {
  try {
    return get();
  } catch {
    return null;
  }
}

/**
 * A store that never answers must not hold up the page; a file of many lines may take longer.
 * @template T
 * @param {Promise<T>} work
 * @param {number} [lines]
 * @returns {Promise<T>}
 */
function inTime(work, lines = 0) {
  return Promise.race([work, new Promise((_, fail) => setTimeout(fail, patience + lines, Error("late")))]);
}

/**
 * @param {Change} change
 * @param {(kind: Kind) => {clear: () => any, delete: (id: string) => any, put: (item: Entry) => any}} on
 */
function carryOut({ clear, remove = [], log = [], drafts = [], gone = [] }, on) {
  if (clear) on("log").clear(), on("drafts").clear();
  for (const id of remove) on("log").delete(id);
  for (const entry of log) on("log").put(entry);
  for (const draft of drafts) on("drafts").put(draft);
  for (const id of gone) on("drafts").delete(id);
}

/**
 * @param {Storage} storage
 * @param {string} name
 * @returns {Shelf}
 */
function storageShelf(storage, name) {
  /** @param {Kind} kind */
  const on = (kind) => {
    const prefix = `${name}:${kind}:`;
    const keys = Object.keys(storage).filter((key) => key.startsWith(prefix));
    return {
      all: () => keys.map((key) => reach(() => JSON.parse(storage[key]))).filter(Boolean),
      clear: () => keys.forEach((key) => storage.removeItem(key)),
      delete: (/** @type {string} */ id) => storage.removeItem(prefix + id),
      put: (/** @type {Entry} */ item) => storage.setItem(prefix + item.id, JSON.stringify(item)),
    };
  };
  return {
    kind: "local",
    read: async () => ({ log: on("log").all(), drafts: on("drafts").all() }),
    write: async (change) => carryOut(change, on),
  };
}

/** @returns {Shelf} */
function memoryShelf() {
  const data = /** @type {any} */ ({
    setItem: (/** @type {string} */ key, /** @type {string} */ text) => (data[key] = text),
    removeItem: (/** @type {string} */ key) => delete data[key],
  });
  return { ...storageShelf(data, ""), kind: "memory" };
}

/**
 * @param {IDBFactory} factory
 * @param {string} name
 * @returns {Shelf}
 */
function databaseShelf(factory, name) {
  // The version that is there, a later release's too: its lines can be read.
  const ask = factory.open.bind(factory, name);
  /** @type {Promise<IDBDatabase> | undefined} */
  let opened;
  const forget = () => (opened = undefined);

  /** @returns {Promise<IDBDatabase>} */
  const open = () =>
    new Promise((resolve, reject) => {
      const request = ask();
      request.onupgradeneeded = () => {
        for (const kind of ["log", "drafts"]) request.result.createObjectStore(kind, { keyPath: "id" });
      };
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        const database = request.result;
        database.onclose = forget;
        database.onversionchange = () => (database.close(), forget());
        resolve(database);
      };
    });

  /**
   * @template T
   * @param {IDBTransactionMode} mode
   * @param {(transaction: IDBTransaction, newer: boolean) => T} work what it gives, if anything, is still to come
   * @returns {Promise<T>}
   */
  const whole = async (mode, work) => {
    const database = await (opened ??= open()).catch((error) => (forget(), Promise.reject(error)));
    const newer = database.version > dataVersion;
    // Another tab may have brought the data to a later form meanwhile.
    if (newer && mode === "readwrite") throw Error("newer");
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(["log", "drafts"], mode, { durability: "strict" });
      const result = work(transaction, newer);
      // Said outright, the commit needs no further turn of a page that may be closing.
      if (!result) transaction.commit?.();
      transaction.oncomplete = () => resolve(result);
      transaction.onabort = () => reject(transaction.error);
    });
  };

  /** @type {NonNullable<Shelf["transact"]>} */
  const transact = (mode, work, lines) => inTime(whole(mode, work), lines);

  return {
    kind: "database",
    transact,
    read: async () => {
      const kept = await transact("readonly", (transaction, newer) => ({
        log: transaction.objectStore("log").getAll(),
        drafts: transaction.objectStore("drafts").getAll(),
        newer,
      }));
      // A record may be many lines that were joined (`packs.js`).
      return { ...kept, log: kept.log.result.flatMap((/** @type {any} */ each) => each.lines ?? each), drafts: kept.drafts.result };
    },
    write: (change) =>
      transact(
        "readwrite",
        (transaction) => carryOut(change, (kind) => transaction.objectStore(kind)),
        change.log?.length,
      ),
  };
}

/**
 * The version a draft becomes. Its id follows from the draft, so doing it twice makes one version.
 * @param {Draft} draft
 * @returns {Entry}
 */
export function versionOf({ tab, ...draft }) {
  return { ...draft, id: `${draft.id}|${draft.at}`, draft: tab };
}

/** What a learner has written, on the best rung that holds. */
export class Store {
  /** Called whenever a rung gave way. */
  onTrouble = () => {};
  /** Called after lines were added, to tell other tabs. */
  onAdded = () => {};
  /** Why nothing lasts, or not as it should: no-id, newer, failed. */
  reason = "";
  /** @type {Shelf[]} from the best to the last */
  shelves = [];
  /** @type {Shelf[]} that could not be read at the start: erasing tries them again */
  unread = [];
  /** @type {Map<string, Entry>} */
  entries = new Map();
  rung = 0;
  /** So many lines are joined to one record. */
  packOf = 200;

  get kind() {
    return this.shelves[this.rung].kind;
  }

  get log() {
    return [...this.entries.values()].sort(byOrder);
  }

  /** The number the next entry will bear. Asked at every keystroke, so nothing is sorted for it. */
  get next() {
    let last = 0;
    for (const { seq } of this.entries.values()) last = Math.max(last, seq);
    return last + 1;
  }

  /** @param {Entry[]} entries */
  learn(entries) {
    for (const entry of entries) this.entries.set(entry.id, entry);
  }

  /** @param {Change} change */
  async write(change) {
    const { clear, remove = [], log } = change;
    if (clear) this.entries.clear();
    for (const id of remove) this.entries.delete(id);
    this.learn(log ?? []);
    // What the small store was given when the page seemed to be left.
    if (change.gone) this.leave({ gone: change.gone });
    for (let rung = this.rung; ; rung += 1) {
      try {
        await this.shelves[rung].write(change);
        break;
      } catch (error) {
        if (!this.shelves[rung + 1]) throw error;
        if (rung < this.rung) continue;
        this.rung = rung + 1;
        this.reason ||= "failed";
        this.onTrouble();
      }
    }
    if (log || clear) this.onAdded();
  }

  /**
   * Drafts of a page that is being left. WebKit may drop what is on its way to the database by then;
   * the small store takes it within the same turn. The next start finds it there.
   * @param {Change} change
   */
  leave({ drafts, gone }) {
    return this.shelves[1]?.write({ drafts, gone }).catch(() => {});
  }

  /**
   * What other tabs wrote meanwhile, on whichever rung each of them stands. What only this page knows
   * stays, unless they erased.
   */
  async reload() {
    /** @type {{value?: Kept}[]} */
    const kept = await Promise.allSettled(this.shelves.map((shelf) => shelf.read()));
    const log = kept.flatMap(({ value }) => value?.log ?? []);
    const erased = log.some(({ id, type }) => type === "erased" && !this.entries.has(id));
    if (erased) this.entries.clear();
    this.learn(log);
  }

  /**
   * The ladder as this browser has it, and all that is found on it.
   * @param {string} name of the database; empty for a course without an id, which keeps nothing
   * @param {{indexedDB: IDBFactory, localStorage: Storage}} browser
   */
  async open(name, browser) {
    const { shelves } = this;
    /** @type {Draft[]} */
    const drafts = [];
    /** @type {Entry[]} */
    let last = [];
    const ladder = [
      () => databaseShelf(browser.indexedDB, name),
      () => storageShelf(browser.localStorage, name),
    ];
    for (const make of name ? ladder : []) {
      let shelf;
      try {
        shelf = make();
        const kept = await shelf.read();
        last = kept.log;
        this.learn(last);
        drafts.push(...kept.drafts);
        shelves.push(shelf);
        if (kept.newer || last.some(({ v }) => v > dataVersion)) this.reason = "newer";
      } catch {
        // A rung that cannot be read is none for this page.
        if (shelf) this.unread.push(shelf);
      }
    }
    const [best, lower] = shelves;
    if (!name) this.reason = "no-id";
    if (this.reason) shelves.length = 0;
    else if (!best) this.reason = "failed";
    shelves.push(memoryShelf());
    if (drafts.length) await this.keepDrafts(drafts);
    // What once had to go to a lower rung moves up, and leaves it only when it has arrived. What
    // another tab is putting there meanwhile stays.
    if (lower && !this.reason && last.length) {
      await this.write({ log: last });
      if (!this.rung) await lower.write({ remove: last.map(({ id }) => id) });
    }
    return this;
  }

  /**
   * Drafts of pages that were closed or killed become versions. Those of a tab that still types do
   * too, once, and stay with it.
   * @param {Draft[]} drafts
   */
  async keepDrafts(drafts) {
    const latest = new Map(this.log.map(({ key, value }) => [key, value]));
    // On two rungs there may be two of one draft: the later one has the words of the other.
    const log = [...new Map(drafts.sort(byOrder).map((draft) => [draft.id, draft])).values()]
      .map(versionOf)
      .filter(({ id, key, value }) => !this.entries.has(id) && latest.get(key) !== value && latest.set(key, value));
    const gone = drafts.filter(({ at }) => Date.now() - Date.parse(at) > drafted).map(({ id }) => id);
    if (log.length) await this.write({ log });
    if (gone.length) await this.write({ gone });
  }
}
