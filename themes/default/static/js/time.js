// @ts-check
/** Dates as the page's language writes them, in the learner's own time zone. */
import { session } from "./session.js";

/**
 * @param {Date | string} at
 * @param {Intl.DateTimeFormatOptions} how
 */
function format(at, how) {
  try {
    return new Intl.DateTimeFormat(session.island.lang || undefined, how).format(new Date(at));
  } catch {
    return String(at);
  }
}

/** @param {Date | string} at */
export const clock = (at) => format(at, { timeStyle: "short" });

/** @param {string} at */
export const dateAndTime = (at) => format(at, { dateStyle: "long", timeStyle: "short" });
