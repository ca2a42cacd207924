// @ts-check
/** Where the learner has been at work before, what shows it is loaded at once. */
import { all } from "./dom.js";
import { later } from "./later.js";
import { onState, session } from "./session.js";

onState(() => {
  for (const { dataset } of all("[data-bundle]")) {
    if (session.facts.answers[dataset.checkpoint]) later(dataset.bundle).catch(console.error);
  }
});
