// @ts-check
/** Where words live when it is not where they should: said beside each box, before the first is typed. */
import { all, make } from "./dom.js";
import { onState } from "./session.js";
import { t } from "./strings.js";

onState(function sayWhereElse() {
  for (const place of all(".where-kept[data-says]:not([data-says=browser])")) {
    const words = t(`where.${place.dataset.says}`);
    if (place.firstChild?.textContent !== words) place.prepend(make("span", {}, words));
  }
});
