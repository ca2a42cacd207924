// @ts-check
/**
 * Text → the words that it is found by. The build does the same to every page (`lookup/words.py`);
 * tests/vectors/search.json holds both to it.
 */

const longest = 30;
const marks =
  /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/g;
/** @type {Record<string, string>} */
const alike = { ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", ł: "l", þ: "th", ı: "i", ς: "σ", ى: "ي", ة: "ه", ک: "ك", ی: "ي", _: " " };
const unlike = new RegExp(`[${Object.keys(alike).join("")}]`, "g");

const scripts = "\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
const runs = new RegExp(`[${scripts}]+|[^${scripts}]+`, "gu");
const startsUnspaced = new RegExp(`^[${scripts}]`, "u");
const word = /[\p{L}\p{N}\p{M}]+/gu;

/** @param {string} text */
export function fold(text) {
  const plain = text.toLowerCase().normalize("NFKD").replace(marks, "").normalize("NFC");
  return plain.replace(unlike, (letter) => alike[letter]);
}

/**
 * The words of a text in order. Of scripts without spaces, every two neighbours, and the last one alone.
 * @param {string} text
 * @returns {string[]}
 */
export function wordsOf(text) {
  return piecesOf(fold(text)).flatMap((piece) => (isUnspaced(piece) ? pairs(piece) : spaced(piece)));
}

/**
 * What a learner looks for. A single sign is looked for at the beginning of a pair; the last one of
 * several is not looked for alone.
 * @param {string} text
 * @returns {string[]}
 */
export function wanted(text) {
  const found = piecesOf(fold(text)).flatMap((piece) => {
    if (!isUnspaced(piece)) return spaced(piece);
    const all = pairs(piece);
    return all.length > 1 ? all.slice(0, -1) : all;
  });
  return [...new Set(found)];
}

/** @param {string} folded @returns {string[]} */
export const piecesOf = (folded) => (folded.match(word) ?? []).flatMap((one) => one.match(runs) ?? []);

/** @param {string} piece */
export const isUnspaced = (piece) => startsUnspaced.test(piece);

/** @param {string} piece */
function pairs(piece) {
  const signs = [...piece];
  return signs.map((sign, at) => sign + (signs[at + 1] ?? ""));
}

/** @param {string} piece */
function spaced(piece) {
  const signs = [...piece];
  const bare = piece.startsWith("ال") && signs.length > 4 ? signs.slice(2) : signs;
  return bare.length > 1 || /^\p{Nd}$/u.test(piece) ? [bare.slice(0, longest).join("")] : [];
}

/**
 * The parts of a text, each with whether it is looked for.
 * @param {string} text
 * @param {string[]} words folded
 * @returns {[string, boolean][]}
 */
export function marked(text, words) {
  /** @type {[string, boolean][]} */
  const parts = [];
  let done = 0;
  const put = (/** @type {number} */ from, /** @type {number} */ to) => {
    if (to <= done) return;
    if (from > done) parts.push([text.slice(done, from), false]);
    const last = parts.at(-1);
    if (last?.[1] && from <= done) last[0] += text.slice(done, to);
    else parts.push([text.slice(Math.max(from, done), to), true]);
    done = to;
  };
  for (const { 0: one, index } of text.matchAll(word)) {
    let at = index;
    for (const piece of one.match(runs) ?? []) {
      for (const [from, to] of places(piece, words)) put(at + from, at + to);
      at += piece.length;
    }
  }
  if (done < text.length) parts.push([text.slice(done), false]);
  return parts;
}

/**
 * Where in one piece stands what is looked for: a word as a whole, or the signs themselves.
 * @param {string} piece
 * @param {string[]} words
 * @returns {[number, number][]}
 */
function places(piece, words) {
  const folded = fold(piece);
  if (!isUnspaced(piece)) {
    const own = wordsOf(piece);
    return own.some((one) => words.some((wanted) => one.startsWith(wanted))) ? [[0, piece.length]] : [];
  }
  if (folded.length !== piece.length) return [];
  /** @type {[number, number][]} */
  const found = [];
  for (let at = 0; at < folded.length; at++) {
    const here = words.filter((wanted) => isUnspaced(wanted) && folded.startsWith(wanted, at));
    if (here.length) found.push([at, at + Math.max(...here.map(({ length }) => length))]);
  }
  return found;
}
