// @ts-check
/** The form of a checkpoint: reading an answer from it, and putting one there. */
import { all, first } from "./dom.js";
import { t } from "./strings.js";

/** @typedef {string | number} Value */

/** What is put in order or sorted is its element's to read and to write. @param {HTMLFormElement} form */
const arrangementIn = (form) => first("[data-arrange]", form)?.arrangement;

/** @param {Value | undefined} value */
export const isEmpty = (value) => !String(value ?? "").trim();

/**
 * @param {HTMLFormElement} form
 * @param {string} kind words, options, number, scale, order or groups
 * @returns {Value} empty where there is no answer
 */
export function readAnswer(form, kind) {
  const arrangement = arrangementIn(form);
  if (arrangement) return arrangement.value;
  if (kind === "words") return first("textarea", form).value;
  const raw = kind === "number" ? first("input", form).value : (first("input:checked", form)?.value ?? "");
  return kind === "options" || raw === "" ? raw : Number(raw);
}

/**
 * @param {HTMLFormElement} form
 * @param {string} kind
 * @param {Value} value
 */
export function writeAnswer(form, kind, value) {
  const arrangement = arrangementIn(form);
  if (arrangement) arrangement.value = String(value);
  else if (kind === "words" || kind === "number") first("textarea, input", form).value = value;
  else for (const input of all("input", form)) input.checked = input.value === String(value);
}

/**
 * What an answer that is no text means, kept with it: an option's label may change or go.
 * @param {HTMLFormElement} form
 * @param {string} kind
 * @param {Value} value
 */
export function labelOf(form, kind, value) {
  if (kind === "words" || isEmpty(value)) return undefined;
  const arrangement = arrangementIn(form);
  if (arrangement) return arrangement.text;
  if (kind === "options") return first("input:checked", form)?.closest("label")?.textContent.trim();
  if (kind === "scale") return t("scale", { value, of: all("input", form).length });
  return `${value} ${first(".number span", form)?.textContent ?? ""}`.trim();
}

/**
 * Words as the language counts them; not every script puts spaces between them.
 * @param {string} text
 * @param {string} language
 */
export function countWords(text, language) {
  try {
    const parts = new Intl.Segmenter(language || undefined, { granularity: "word" }).segment(text);
    return [...parts].filter((part) => part.isWordLike).length;
  } catch {
    return text.split(/\s+/).filter(Boolean).length;
  }
}
