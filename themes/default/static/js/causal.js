// @ts-check
/**
 * A causal-loop diagram: lines read, circles found and named, everything put in its place. The build
 * does the same in Python; tests/vectors/loops.json holds for both. No document here.
 */

/** @typedef {{origin: string, target: string, sign: number, delayed: boolean, own?: boolean}} Link */
/** @typedef {{name: string, links: Link[]}} Circle */
/** @typedef {[number, number]} Point */
/** @typedef {{x: number, y: number, half: number, high: number, lines: string[]}} Box */
/** @typedef {[string, Record<string, any>, ...any[]]} Shape a tag, its attributes, and what is in it */

const mostTold = 12;
const mostFound = 500;
const mostSteps = 50_000;
const letter = 8.1;
const line = 19;
const wrap = 15;
const mostWork = 3_000_000;
const disc = 10;
const badge = 21;
const phone = 470;

/**
 * @param {string} text one link
 * @returns {Link | null} null where it is none
 */
export function linkIn(text) {
  const parts = /^\s*(.+?)\s*(?:-+>|=+>|→|⟶)\s*(.+?)\s*(?::\s*(more|less|[-+−–])|\s([-+−–]))\s*(,\s*(?:after a delay|after delay|with a delay|delayed|later|\|\|)\s*)?$/iu.exec(text);
  if (!parts) return null;
  const [, from, to, word, mark, delay] = parts;
  const [origin, target] = [from, to].map((name) => name.normalize("NFC").split(/\s+/).join(" "));
  if (same(origin) === same(target)) return null;
  return { origin, target, sign: /more|\+/i.test(word ?? mark) ? 1 : -1, delayed: Boolean(delay) };
}

/** @param {Link} link */
export const textOf = ({ origin, target, sign, delayed }) =>
  `${origin} -> ${target}: ${sign > 0 ? "more" : "less"}${delayed ? ", after a delay" : ""}`;

/** @param {string} name */
export const same = (name) => name.toLowerCase();

/**
 * The links of a text beside those that are there, spelled as they were first; what says nothing new is left out.
 * @param {string} text
 * @param {Link[]} before
 */
export function ownLinks(text, before) {
  /** @type {Link[]} */
  const found = [];
  for (const each of text.split("\n")) {
    const link = linkIn(each);
    if (!link) continue;
    const known = new Map(variablesOf([...before, ...found, link]).map((name) => [same(name), name]));
    const spelled = { ...link, origin: known.get(same(link.origin)) ?? "", target: known.get(same(link.target)) ?? "", own: true };
    if (![...before, ...found].some(({ origin, target }) => origin === spelled.origin && target === spelled.target)) found.push(spelled);
  }
  return found;
}

/** In order of first writing. @param {Link[]} links */
export function variablesOf(links) {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const { origin, target } of links) {
    for (const name of [origin, target]) if (!found.has(same(name))) found.set(same(name), name);
  }
  return [...found.values()];
}

// Circles

/**
 * Every circle, in the order in which the text closes them: R1, B1, R2 …
 * @param {Link[]} links
 * @returns {{told: Circle[], more: number, open: boolean}}
 */
export function circlesIn(links) {
  const { found, cut } = search(links);
  const last = (/** @type {number[]} */ one) => Math.max(...one);
  found.sort((a, b) => last(a) - last(b) || a.length - b.length || firstDifference(a, b));
  const counts = { R: 0, B: 0 };
  const told = found.slice(0, mostTold).map((one) => {
    const at = one.indexOf(Math.min(...one));
    const those = [...one.slice(at), ...one.slice(0, at)].map((index) => links[index]);
    const kind = those.filter(({ sign }) => sign < 0).length % 2 ? "B" : "R";
    return { name: kind + (counts[kind] += 1), links: those };
  });
  return { told, more: Math.max(found.length - mostTold, 0), open: cut };
}

/** @param {number[]} a @param {number[]} b */
function firstDifference(a, b) {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : a[at] - b[at];
}

/** Depth first from each variable in order, never through one that was begun from before. @param {Link[]} links */
function search(links) {
  /** @type {Map<string, number[]>} */
  const out = new Map();
  links.forEach(({ origin }, at) => out.set(origin, [...(out.get(origin) ?? []), at]));
  /** @type {number[][]} */
  const found = [];
  const done = new Set();
  let steps = 0;
  let cut = false;
  /** @param {string} start @param {string} at @param {number[]} way @param {Set<string>} passed */
  const go = (start, at, way, passed) => {
    for (const index of out.get(at) ?? []) {
      if (cut || (steps += 1) > mostSteps) return void (cut = true);
      const { target } = links[index];
      if (target === start) {
        found.push([...way, index]);
        if (found.length >= mostFound) return void (cut = true);
      } else if (!passed.has(target) && !done.has(target)) {
        passed.add(target);
        go(start, target, [...way, index], passed);
        passed.delete(target);
      }
    }
  };
  for (const start of out.keys()) {
    go(start, start, [], new Set([start]));
    if (cut && found.length >= mostFound) break;
    done.add(start);
  }
  return { found, cut };
}

// Places

/** @param {string[]} variables @param {Link[]} links @param {Circle[]} circles */
export function ringOrder(variables, links, circles) {
  const longest = circles.reduce((/** @type {Circle | null} */ most, one) => (most && most.links.length >= one.links.length ? most : one), null);
  let ring = longest ? longest.links.map(({ origin }) => origin) : [];
  for (const name of variables) {
    if (ring.includes(name)) continue;
    let best = ring.length ? Infinity : -1;
    let chosen = [name];
    for (let at = 1; at <= ring.length; at += 1) {
      const tried = [...ring.slice(0, at), name, ...ring.slice(at)];
      const cost = costOf(tried, links);
      if (cost < best) [best, chosen] = [cost, tried];
    }
    ring = chosen;
  }
  return ring.length ** 2 * links.length ** 2 > mostWork ? ring : improved(ring, links);
}

/** @param {string[]} ring @param {Link[]} links */
function improved(ring, links) {
  let best = costOf(ring, links);
  for (let better = true; better; ) {
    better = false;
    for (let one = 1; one < ring.length; one += 1) {
      for (let other = one + 1; other < ring.length; other += 1) {
        [ring[one], ring[other]] = [ring[other], ring[one]];
        const cost = costOf(ring, links);
        if (cost < best) [best, better] = [cost, true];
        else [ring[one], ring[other]] = [ring[other], ring[one]];
      }
    }
  }
  return ring;
}

/** Crossings first, then lengths. @param {string[]} ring @param {Link[]} links */
function costOf(ring, links) {
  const place = new Map(ring.map((name, at) => [name, at]));
  /** @type {Point[]} */
  const chords = [];
  let cost = 0;
  for (const { origin, target } of links) {
    const [a, b] = [place.get(origin), place.get(target)];
    if (a === undefined || b === undefined) continue;
    const way = (b - a + ring.length) % ring.length;
    cost += 2 * Math.min(way, ring.length - way) + Number(way > Math.floor(ring.length / 2));
    chords.push([Math.min(a, b), Math.max(a, b)]);
  }
  chords.forEach(([a, b], at) => {
    cost += 12 * chords.slice(0, at).filter(([c, d]) => (a < c && c < b && b < d) || (c < a && a < d && d < b)).length;
  });
  return cost;
}

/** @param {string[]} ring @returns {Map<string, Box>} */
function placeBoxes(ring) {
  let wide = Math.min(Math.max(62 + 22 * ring.length, 112), 190);
  let high = Math.max(0.8 * wide, 26 * ring.length);
  /** @type {Map<string, Box>} */
  let boxes = new Map();
  for (let tries = 0; tries < 60; tries += 1) {
    boxes = new Map(
      ring.map((name, at) => {
        const turn = (2 * Math.PI * at) / ring.length;
        return [name, boxOf(name, tenths(wide * Math.sin(turn)), tenths(-high * Math.cos(turn)))];
      }),
    );
    const all = [...boxes.values()];
    const overlap = all.some((a, at) =>
      all.slice(0, at).some((b) => Math.abs(a.x - b.x) < a.half + b.half + 26 && Math.abs(a.y - b.y) < a.high + b.high + 26),
    );
    if (!overlap) break;
    wide *= 1.03;
    high *= 1.05;
  }
  return boxes;
}

/** @param {string} name @param {number} x @param {number} y @returns {Box} */
function boxOf(name, x, y) {
  /** @type {string[]} */
  const lines = [];
  for (const word of name.split(/\s+/)) {
    const last = lines[lines.length - 1];
    if (last !== undefined && columns(last) + 1 + columns(word) <= wrap) lines[lines.length - 1] += ` ${word}`;
    else lines.push(word);
  }
  const half = Math.max((Math.max(...lines.map(columns)) * letter) / 2 + 11, 30);
  return { x, y, half: tenths(half), high: (lines.length * line) / 2 + 7, lines };
}

/** How wide a text is, in letters. @param {string} text */
function columns(text) {
  const wide = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\uFF01-\uFF60]/gu)?.length ?? 0;
  const marks = text.match(/[\p{Mn}\p{Me}\p{Cf}]/gu)?.length ?? 0;
  return [...text].length + wide - marks;
}

// Curves

/** A link's curve between the borders of two boxes. */
class Arc {
  /** @param {Point} start @param {Point} control @param {Point} end */
  constructor(start, control, end) {
    this.start = start;
    this.control = control;
    this.end = end;
  }

  /** @param {number} t */
  at(t) {
    return between(between(this.start, this.control, t), between(this.control, this.end, t), t);
  }

  /** @param {number} t @returns {Point} */
  direction(t) {
    const [x, y] = [0, 1].map((i) => (1 - t) * (this.control[i] - this.start[i]) + t * (this.end[i] - this.control[i]));
    const length = Math.hypot(x, y) || 1;
    return [x / length, y / length];
  }

  get length() {
    return distance(this.start, this.control) + distance(this.control, this.end);
  }

  /** @param {number} t @param {number} away @returns {Point} */
  beside(t, away) {
    const [[x, y], [dx, dy]] = [this.at(t), this.direction(t)];
    return [x + dy * away, y - dx * away];
  }
}

/** @param {Link} link @param {string[]} ring @param {Map<string, Box>} boxes @param {Link[]} links */
function arcOf({ origin, target }, ring, boxes, links) {
  const [a, b] = [boxes.get(origin), boxes.get(target)].map((box) => /** @type {Box} */ (box));
  const nextOne = (ring.indexOf(target) - ring.indexOf(origin) + ring.length) % ring.length === 1;
  const mutual = links.some((other) => other.origin === target && other.target === origin);
  /** @type {Point} */
  const middle = [(a.x + b.x) / 2, (a.y + b.y) / 2];
  /** @type {Point} */
  const away = [b.y - a.y, a.x - b.x];
  const from = nextOne ? middle : between(middle, [0, 0], 0.3);
  const share = nextOne ? (mutual ? 0.34 : 0.22) : mutual ? 0.22 : 0.06;
  /** @type {Point} */
  const control = [from[0] + away[0] * share, from[1] + away[1] * share];
  const whole = new Arc([a.x, a.y], control, [b.x, b.y]);
  const steps = Array.from({ length: 201 }, (_, step) => step / 200);
  let first = steps.find((t) => !holds(a, whole.at(t), 3)) ?? 0;
  let last = steps.reverse().find((t) => !holds(b, whole.at(t), 6)) ?? 1;
  if (last <= first) [first, last] = [0.3, 0.7];
  const inner = between(between(whole.start, control, first), between(control, whole.end, first), last);
  return new Arc(whole.at(first), inner, whole.at(last));
}

/** @param {Box} box @param {Point} point @param {number} margin */
const holds = (box, [x, y], margin) => Math.abs(x - box.x) <= box.half + margin && Math.abs(y - box.y) <= box.high + margin;

/** @param {Arc[]} arcs @param {Box[]} boxes */
function signPlaces(arcs, boxes) {
  const samples = arcs.map((arc) => Array.from({ length: 17 }, (_, t) => arc.at(t / 16)));
  /** @type {Point[]} */
  const places = [];
  arcs.forEach((arc, at) => {
    const others = samples.filter((_, other) => other !== at).flat();
    let best = arc.beside(0.8, 15);
    let most = -1;
    for (const back of [27, 40]) {
      for (const side of [15, -15]) {
        const place = arc.beside(Math.max(1 - back / Math.max(arc.length, back), 0.5), side);
        const room = Math.min(
          disc + 6,
          ...others.map((point) => distance(place, point)),
          ...places.map((other) => distance(place, other) - disc),
          ...boxes.map((box) => Math.max(Math.abs(place[0] - box.x) - box.half, Math.abs(place[1] - box.y) - box.high)),
        );
        if (room > most + 1) [best, most] = [place, room];
      }
    }
    places.push([tenths(best[0]), tenths(best[1])]);
  });
  return places;
}

/** @param {Circle[]} circles @param {Box[]} boxes @param {Map<Link, Arc>} arcs @param {Point[]} signs */
function badgePlaces(circles, boxes, arcs, signs) {
  /** @type {Point[]} */
  const taken = [];
  const points = [...arcs.values()].flatMap((arc) => Array.from({ length: 13 }, (_, t) => arc.at(t / 12)));
  points.push(...signs);
  for (const { links } of circles) {
    const middles = links.map((link) => /** @type {Arc} */ (arcs.get(link)).at(0.5));
    const sum = middles.reduce((a, b) => [a[0] + b[0], a[1] + b[1]], [0, 0]);
    /** @type {Point} */
    const middle = [sum[0] / middles.length, sum[1] / middles.length];
    const free = around(middle).find(
      (place) =>
        !boxes.some((box) => holds(box, place, badge + 4)) &&
        !taken.some((other) => distance(place, other) < 2 * badge + 6) &&
        points.every((point) => distance(place, point) >= badge + 6),
    );
    const [x, y] = free ?? middle;
    taken.push([tenths(x), tenths(y)]);
  }
  return taken;
}

/** @param {Point} middle @returns {Point[]} */
function around([x, y]) {
  /** @type {Point[]} */
  const places = [[x, y]];
  for (let ring = 1; ring < 26; ring += 1) {
    for (let step = 0; step < 16; step += 1) {
      const turn = (2 * Math.PI * step) / 16;
      places.push([x + 9 * ring * Math.sin(turn), y - 9 * ring * Math.cos(turn)]);
    }
  }
  return places;
}

// Shapes

/**
 * The diagram. `title` names it and `words` say, where it cannot be seen, what it shows.
 * @param {Link[]} links
 * @param {Circle[]} circles
 * @param {string} label
 * @returns {Shape}
 */
export function drawing(links, circles, label) {
  const ring = ringOrder(variablesOf(links), links, circles);
  const boxes = placeBoxes(ring);
  const arcs = new Map(links.map((link) => [link, arcOf(link, ring, boxes, links)]));
  const signs = signPlaces([...arcs.values()], [...boxes.values()]);
  const badges = badgePlaces(circles, [...boxes.values()], arcs, signs);
  const [left, top, width, height] = frame([...boxes.values()], [...arcs.values()], [...signs, ...badges]);
  const mine = new Set(links.filter(({ own }) => !own).flatMap(({ origin, target }) => [origin, target]));
  return [
    "svg",
    { ...(width > phone && { class: "causal-wide" }), role: "img", "aria-label": label, viewBox: `${left} ${top} ${width} ${height}`, width, height },
    ...links.map((link, at) => linkShape(link, /** @type {Arc} */ (arcs.get(link)), signs[at])),
    ...[...boxes].map(([name, box]) => variableShape(box, !mine.has(name))),
    ...circles.map((circle, at) => badgeShape(circle, badges[at], boxes)),
  ];
}

/** @param {Box[]} boxes @param {Arc[]} arcs @param {Point[]} places */
function frame(boxes, arcs, places) {
  /** @type {Point[]} */
  const spots = boxes.flatMap(({ x, y, half, high }) => /** @type {Point[]} */ ([[x - half, y - high], [x + half, y + high]]));
  spots.push(...arcs.flatMap((arc) => Array.from({ length: 7 }, (_, t) => arc.at(t / 6))));
  for (const [x, y] of places) spots.push([x - badge, y - badge], [x + badge, y + badge]);
  const [left, top] = [0, 1].map((i) => Math.floor(Math.min(...spots.map((spot) => spot[i]))) - 6);
  const [right, bottom] = [0, 1].map((i) => Math.ceil(Math.max(...spots.map((spot) => spot[i]))) + 6);
  return [left, top, right - left, bottom - top];
}

/** @param {Link} link @param {Arc} arc @param {Point} place @returns {Shape} */
function linkShape({ sign, delayed, own }, arc, [x, y]) {
  const [[ex, ey], [dx, dy]] = [arc.end, arc.direction(1)];
  const [bx, by] = [ex - 11 * dx, ey - 11 * dy];
  const tip = `M${pair([ex, ey])}L${pair([bx + 5.5 * dy, by - 5.5 * dx])}L${pair([bx - 5.5 * dy, by + 5.5 * dx])}z`;
  const curve = `M${pair(arc.start)}Q${pair(arc.control)} ${pair([ex - 6 * dx, ey - 6 * dy])}`;
  const across = `M${pair([x - 5, y])}L${pair([x + 5, y])}`;
  const strokes = [-3.5, 3.5].map((shift) => {
    const t = 0.38 + shift / Math.max(arc.length, 20);
    return `M${pair(arc.beside(t, 8))}L${pair(arc.beside(t, -8))}`;
  });
  return [
    "g",
    { class: `causal-link ${sign > 0 ? "more" : "less"}${own ? " own" : ""}` },
    ["path", { class: "causal-line", d: curve }],
    ["path", { class: "causal-tip", d: tip }],
    ...(delayed ? [["path", { class: "causal-delay", d: strokes.join("") }]] : []),
    ["circle", { class: "causal-disc", cx: tenths(x), cy: tenths(y), r: disc }],
    ["path", { class: "causal-sign", d: across + (sign > 0 ? `M${pair([x, y - 5])}L${pair([x, y + 5])}` : "") }],
  ];
}

/** @param {Box} box @param {boolean} own @returns {Shape} */
function variableShape({ x, y, half, high, lines }, own) {
  const first = y + 5 - ((lines.length - 1) * line) / 2;
  return [
    "g",
    { class: own ? "causal-variable own" : "causal-variable" },
    ["rect", { x: tenths(x - half), y: tenths(y - high), width: tenths(2 * half), height: tenths(2 * high), rx: 8 }],
    ["text", { "text-anchor": "middle" }, ...lines.map((text, at) => ["tspan", { x, y: tenths(first + line * at) }, text])],
  ];
}

/** A circle's name inside an arrow that turns as the circle does. @param {Circle} circle @param {Point} place @param {Map<string, Box>} boxes @returns {Shape} */
function badgeShape({ name, links }, [x, y], boxes) {
  const area = links.reduce((sum, { origin, target }) => {
    const [a, b] = [boxes.get(origin), boxes.get(target)].map((box) => /** @type {Box} */ (box));
    return sum + (a.x * b.y - b.x * a.y);
  }, 0);
  const way = area >= 0 ? 1 : -1;
  const [a, b] = [30, 330].map((degrees) => ((degrees * Math.PI) / 180) * way);
  const r = badge - 3;
  const [ex, ey] = [x + r * Math.sin(b), y - r * Math.cos(b)];
  const [dx, dy] = [way * Math.cos(b), way * Math.sin(b)];
  const tip = `M${pair([ex + 6 * dx, ey + 6 * dy])}L${pair([ex + 5 * dy, ey - 5 * dx])}L${pair([ex - 5 * dy, ey + 5 * dx])}z`;
  const turn = `M${pair([x + r * Math.sin(a), y - r * Math.cos(a)])}A${r} ${r} 0 1 ${way > 0 ? 1 : 0} ${pair([ex, ey])}`;
  return [
    "g",
    { class: "causal-circle" },
    ["path", { class: "causal-turn", d: turn }],
    ["path", { class: "causal-tip", d: tip }],
    ["text", { "text-anchor": "middle", x, y: y + 5 }, name],
  ];
}

/** @param {Point} a @param {Point} b @param {number} t @returns {Point} */
const between = (a, b, t) => [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];

/** @param {Point} a @param {Point} b */
const distance = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);

/** To tenths, halves up: the same in both languages. @param {number} value */
const tenths = (value) => Math.floor(value * 10 + 0.5) / 10;

/** @param {Point} point */
const pair = ([x, y]) => `${tenths(x)} ${tenths(y)}`;
