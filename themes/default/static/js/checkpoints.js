// @ts-check
/** The checkpoints of the page, each brought in line with the log. */
import { Checkpoint } from "./checkpoint.js";
import { all } from "./dom.js";
import { onState } from "./session.js";

const checkpoints = all(".checkpoint[data-checkpoint]").map((section) => new Checkpoint(section));

const commitAll = () => checkpoints.forEach((checkpoint) => checkpoint.commit());
addEventListener("pagehide", commitAll);
document.addEventListener("visibilitychange", () => document.hidden && commitAll());
onState(() => checkpoints.forEach((checkpoint) => checkpoint.apply()));
