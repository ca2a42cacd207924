// @ts-check
/** Dates as the page's language writes them, in the learner's own time zone. */
import { session } from "./session.js";

/** Made once each: making one takes longer than all else in a journal's line. @type {Record<string, Intl.DateTimeFormat>} */
const formats = {};

/**
 * @param {Date | string} at
 * @param {"long"} [dateStyle]
 */
function format(at, dateStyle) {
  try {
    const { lang } = session.island;
    const style = { dateStyle, timeStyle: /** @type {const} */ ("short") };
    return (formats[lang + dateStyle] ??= new Intl.DateTimeFormat(lang || undefined, style)).format(new Date(at));
  } catch {
    return String(at);
  }
}

/** @param {Date | string} at */
export const clock = (at) => format(at);

/** @param {Date | string} at */
export const dateAndTime = (at) => format(at, "long");
