// @ts-check
/**
 * The author's panel, never on a published site: where this page stands in the course, which of
 * its conditions hold and why, the state to look at and change, and learners to stand in for.
 */
import { make, shadowOf } from "./panel.js";
import { ask } from "./wire.js";

/** @typedef {{id: string, title: string, url: string}} Link */
/** @typedef {Link & {type: string, when: string, place: string}} Edge */
/** @typedef {{kind: string, label: string, text: string, tree: any, place: string}} Condition */
/** @typedef {{id: string, name: string, start: string, route: string, answers: Record<string, any>, state: Record<string, any>, visited: Link[], chose: Record<string, string>, revisited: string[]}} Persona */
/**
 * @typedef {object} Told
 * @property {(Link & {source: string, start: boolean, ending: string, unreachable: boolean, deadEnd: boolean, in: Edge[], out: Edge[], conditions: Condition[]}) | null} page
 * @property {Link[]} pages
 * @property {{id: string, title: string}[]} routes
 * @property {Persona[]} personas
 */

const authorLooks = `
:host { all: initial; }
* { box-sizing: border-box; }
.open { position: fixed; inset: 30vh 0 auto auto; z-index: 2147483646; padding: .8rem .3rem; writing-mode: vertical-rl; border-inline-end: 0; border-radius: .35rem 0 0 .35rem; }
aside { position: fixed; inset: 0 0 0 auto; z-index: 2147483646; inline-size: min(26rem, 100vw); overflow: auto; padding: 1rem 1.1rem 3rem;
  background: #f7f9fb; color: #1c2730; border-inline-start: 1px solid #8fa1b0; box-shadow: -4px 0 24px #0003; font: 14.5px/1.5 system-ui, sans-serif; direction: ltr; text-align: start; }
h2 { display: flex; justify-content: space-between; align-items: center; margin: 0 0 .6rem; font-size: 1.05rem; }
h3 { margin: 1.2rem 0 .3rem; font-size: .95rem; border-block-end: 1px solid #cbd6df; }
p, ul { margin: .25rem 0; } ul { padding: 0; list-style: none; } li { margin: .3rem 0; }
button, select, input { font: inherit; padding: .3rem .6rem; min-block-size: 2rem; border: 1px solid #71869a; border-radius: .35rem; background: #fff; color: inherit; max-inline-size: 100%; }
button { cursor: pointer; } button.place { min-block-size: 0; padding: 0; border: 0; background: none; color: #24527a; text-decoration: underline; font: 12.5px ui-monospace, monospace; overflow-wrap: anywhere; text-align: start; }
label { display: flex; flex-wrap: wrap; gap: .2rem .6rem; align-items: center; margin: .3rem 0; } a { color: #24527a; }
code { font: 12.5px/1.4 ui-monospace, monospace; overflow-wrap: anywhere; } .quiet { color: #566776; } .yes { color: #1f5c33; font-weight: 600; } .no { color: #9a2b21; font-weight: 600; }
.said { min-block-size: 1.5em; } .row { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
:focus-visible { outline: 2px solid #1a5fb4; outline-offset: 2px; }
@media (prefers-color-scheme: dark) { aside { background: #18222b; color: #dde6ee; border-color: #51677a; } button, select, input { background: #22303c; border-color: #71869a; }
  a, button.place { color: #9cc7ee; } .quiet { color: #a9bac8; } .yes { color: #93d3a6; } .no { color: #f0a59c; } h3 { border-color: #3b4e5e; } }
@media print { aside, .open { display: none; } }`;

const authorMemory = "learnpath-preview-author";

/** What the theme's scripts offer in a preview; another theme's may offer nothing. */
const course = () => /** @type {any} */ (globalThis).learnpath?.author;

/** @type {Told | null} */
let told = null;
/** @type {ShadowRoot | null} */
let root = null;

/** @param {string} text @param {() => void} click @param {Record<string, string>} [more] */
function button(text, click, more = {}) {
  const made = make("button", { type: "button", ...more }, text);
  made.addEventListener("click", click);
  return made;
}

/** A place in a file, which opens in the author's editor. @param {string} place */
const openable = (place) => button(place, () => tell(ask({ wish: "open", place }), () => "opened in your editor"), { class: "place" });

/** @param {string} title @param {...(Node | string)} parts */
const part = (title, ...parts) => [make("h3", {}, title), ...parts];

/** @param {Promise<string>} wish @param {(said: string) => string} words */
async function tell(wish, words) {
  const line = root?.querySelector(".said");
  const text = await wish.then(words, (error) => String(error.message));
  if (line) line.textContent = text;
}

/** @param {string} text */
const quiet = (text) => make("span", { class: "quiet" }, text);

/** @param {Edge} edge */
function edgeLine({ title, url, type, when, place }) {
  const condition = when ? [" ", make("code", {}, `if ${when}`)] : [];
  return make("li", {}, quiet(`${type} `), make("a", { href: url }, title), ...condition, " ", openable(place));
}

/** @param {NonNullable<Told["page"]>} page */
function standing(page) {
  const marks = [
    page.start && "the course begins here",
    page.ending && "a path may end here",
    page.unreachable && "no way leads here",
    page.deadEnd && "a dead end",
  ].filter(Boolean);
  return [
    make("p", {}, make("strong", {}, page.title), " ", make("code", {}, page.id), " ", openable(page.source)),
    ...(marks.length ? [make("p", {}, marks.join("; "))] : []),
  ];
}

/** @param {NonNullable<Told["page"]>} page */
function ways(page) {
  return [
    ...part(`Ways here (${page.in.length})`, make("ul", {}, ...page.in.map(edgeLine))),
    ...part(`Ways on (${page.out.length})`, make("ul", {}, ...page.out.map(edgeLine))),
  ];
}

/**
 * What one name in a condition comes to now, in words.
 * @param {[string, string]} name
 * @param {any} facts
 */
function known([kind, id], facts) {
  const answer = Object.hasOwn(facts.answers, id) ? facts.answers[id] : "";
  const words = {
    var: () => `${id} is ${facts.variables[id]}`,
    route: () => (facts.route ? `the route is ${facts.route}` : "on no route"),
    visited: () => `${id} ${facts.visited.includes(id) ? "was" : "was not"} visited`,
    answered: () => `${id} ${String(answer).trim() ? "is" : "is not"} answered`,
    answer: () => (String(answer).trim() ? `the answer to ${id} is ${answer}` : `${id} is not answered`),
    revisited: () => `${id} ${facts.revisited.includes(id) ? "was" : "was not"} revisited`,
    chose: () => (Object.hasOwn(facts.chose, id) ? `in ${id}: ${facts.chose[id]}` : `in ${id} nothing was chosen`),
  };
  return /** @type {Record<string, () => string>} */ (words)[kind]();
}

/** @param {Condition} condition */
function conditionLine({ kind, label, text, tree, place }) {
  const { holds, namesIn, session } = course();
  const holding = tree !== null && holds(tree, session.facts);
  const names = [...new Set(namesIn(tree).map((/** @type {any} */ name) => known(name, session.facts)))];
  return make(
    "li",
    {},
    make("span", { class: holding ? "yes" : "no" }, holding ? "✓ holds " : "✗ does not hold "),
    quiet(`${kind}${label ? `: “${label}”` : ""} `),
    make("code", {}, text),
    make("br", {}),
    quiet(tree === null ? "cannot be read" : names.join("; ")),
    " ",
    openable(place),
  );
}

/** Take a step that changes variables, as an option would. @param {any[]} effects */
function change(effects) {
  course().moveOn({ type: "chose", key: "learnpath-author", option: String(Math.random()).slice(2), effects });
}

/** @param {string} name @param {any} declared @param {any} value */
function variable(name, declared, value) {
  const label = make("label", {}, name);
  /** @type {any} */
  let input;
  if (declared.type === "flag") {
    input = make("input", { type: "checkbox" });
    input.checked = value;
    input.addEventListener("change", () => change([[name, "=", input.checked]]));
  } else if (declared.type === "number") {
    input = make("input", { type: "number", min: String(declared.from), max: String(declared.to), value: String(value) });
    input.addEventListener("change", () => change([[name, "=", Number(input.value)]]));
  } else {
    input = make("select", {}, ...Object.keys(declared.options).map((id) => make("option", { value: id }, id)));
    input.value = value;
    input.addEventListener("change", () => change([[name, "=", input.value]]));
  }
  label.append(input);
  return label;
}

function state() {
  const { session } = course();
  const { facts, island } = session;
  const chosen = Object.entries(own(facts.chose));
  const lines = [
    facts.visited.length && `Visited: ${facts.visited.join(", ")}`,
    chosen.length && `Chose: ${chosen.map(([key, option]) => `${key}: ${option}`).join(", ")}`,
    facts.route && `Route: ${facts.route}`,
    Object.keys(own(facts.answers)).length && `Answered: ${Object.keys(own(facts.answers)).join(", ")}`,
  ].filter(Boolean);
  return [
    ...Object.entries(island.state).map(([name, declared]) => variable(name, declared, facts.variables[name])),
    ...lines.map((line) => make("p", {}, String(line))),
    ...(lines.length || Object.keys(island.state).length ? [] : [make("p", {}, quiet("Nothing yet."))]),
  ];
}

/**
 * The log of somebody who has done all that: one step after the other, and answers beside them.
 * @param {Persona} persona
 */
function logOf({ visited, chose, state, route, answers, revisited }) {
  const { stamp } = course();
  /** @type {any[]} */
  const log = [];
  /** @type {string | null} */
  let parent = null;
  const add = (/** @type {any} */ fields) => {
    const entry = { ...stamp({ parent, ...fields }), seq: log.length + 1 };
    log.push(entry);
    return entry.id;
  };
  for (const { id, title, url } of visited) {
    parent = add({ type: "opened", page: id, pageTitle: title, url: url.slice(1), by: null });
  }
  for (const [key, option] of Object.entries(chose)) parent = add({ type: "chose", page: "", key, option, effects: [] });
  if (route) parent = add({ type: "route", page: "", route });
  const effects = Object.entries(state).map(([name, value]) => [name, "=", value]);
  parent = add({ type: "chose", page: "", key: "learnpath-author", option: "begin", effects });
  for (const [key, value] of Object.entries(answers)) add({ type: "answer", key, value, moment: parent });
  for (const id of revisited) add({ type: "answer", key: `learnpath-author-${id}`, of: id, value: "…", moment: parent });
  return log;
}

/** @param {Persona} persona @param {string} url */
async function become(persona, url) {
  const { session } = course();
  await session.store.write({ clear: true, log: logOf(persona) });
  history.replaceState(null, "");
  if (url === location.pathname) location.reload();
  else location.assign(url);
}

/** @type {Persona} */
const nobody = { id: "", name: "somebody new", start: "", route: "", answers: {}, state: {}, visited: [], chose: {}, revisited: [] };

function standIn() {
  const { page, pages, personas } = /** @type {Told} */ (told);
  const everybody = [nobody, ...personas];
  const who = /** @type {HTMLSelectElement} */ (make("select", { "aria-label": "Learner" }, ...everybody.map(({ id, name }) => make("option", { value: id }, name))));
  const where = /** @type {HTMLSelectElement} */ (make("select", { "aria-label": "Page" }, ...pages.map(({ id, title }) => make("option", { value: id }, title))));
  if (page) where.value = page.id;
  const go = button("Go", () => {
    const persona = everybody.find(({ id }) => id === who.value) ?? nobody;
    become(persona, pages.find(({ id }) => id === where.value)?.url ?? "/");
  });
  return [
    make("label", {}, "As", who),
    make("label", {}, "on", where),
    make("p", { class: "row" }, go, quiet("clears what was written in this preview")),
  ];
}

/** Without what the panel itself put there. @param {Record<string, any>} record */
const own = (record) => Object.fromEntries(Object.entries(record).filter(([key]) => !key.startsWith("learnpath-author")));

/** What holds now, as a persona file has it. @param {string} name */
function present(name) {
  const { facts, island } = course().session;
  const changed = Object.entries(facts.variables).filter(([key, value]) => island.state[key].start !== value);
  return { name, route: facts.route, visited: facts.visited, chose: own(facts.chose), answers: own(facts.answers), revisited: facts.revisited, state: Object.fromEntries(changed) };
}

/** What was typed as a learner's name: the panel is drawn anew while somebody types. */
let named = "";

function keep() {
  const name = /** @type {HTMLInputElement} */ (make("input", { "aria-label": "Name of the learner", placeholder: "Ines, who has no time" }));
  name.value = named;
  name.addEventListener("input", () => (named = name.value));
  const save = button("Save this state", () => tell(ask({ wish: "save", persona: present(named) }), (path) => `saved as ${path}`));
  return make("p", { class: "row" }, name, save);
}

function draw() {
  if (!root || !told) return;
  const aside = /** @type {HTMLElement} */ (make("aside", { role: "complementary", "aria-label": "Author's panel" }));
  const scroll = root.querySelector("aside")?.scrollTop ?? 0;
  const known = course()?.session?.facts;
  const { page } = told;
  const alone = [make("p", {}, quiet("This page's scripts do not tell the state."))];
  aside.append(
    make("h2", {}, "Author’s panel", button("Close", () => (keepOpen(""), draw()))),
    make("p", { class: "said", role: "status" }),
    ...(page ? standing(page) : [make("p", {}, quiet("A page that learnpath makes."))]),
    ...(page?.conditions.length ? part("Conditions on this page", ...(known ? [make("ul", {}, ...page.conditions.map(conditionLine))] : alone)) : []),
    ...part("State", ...(known ? state() : alone)),
    ...(known ? part("Stand in for a learner", ...standIn(), keep()) : []),
    ...(page ? ways(page) : []),
  );
  const open = button("Author’s panel", () => (keepOpen("open"), learn()), { class: "open" });
  root.replaceChildren(isOpen() ? aside : open);
  aside.scrollTop = scroll;
}

/** Whether the panel is open in this tab. */
function isOpen() {
  try {
    return sessionStorage.getItem(authorMemory);
  } catch {
    return ""; // storage may be forbidden; the panel then begins closed
  }
}

/** @param {string} how */
function keepOpen(how) {
  try {
    sessionStorage.setItem(authorMemory, how);
  } catch {} // see above
}

async function learn() {
  try {
    told = await (await fetch(`/learnpath-author.json?page=${encodeURIComponent(location.pathname)}`)).json();
    draw();
  } catch {} // the server went; when it is back it is asked again
}

/** Make the panel, and ask again for what the server knows after each change of the course. */
export function startAuthor() {
  if (root) return learn();
  root = shadowOf("learnpath-author-panel", authorLooks);
  learn();
  const following = () => course()?.onState(() => isOpen() && draw());
  if (course()) following();
  else new MutationObserver((_, watcher) => course() && (watcher.disconnect(), following(), draw())).observe(document.documentElement, { attributes: true });
}
