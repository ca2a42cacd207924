// @ts-check
/** The checkpoints of the page, each brought in line with the log. */
import { Checkpoint } from "./checkpoint.js";
import { all } from "./dom.js";
import { onState } from "./session.js";

const checkpoints = all(".checkpoint[data-checkpoint]").map((section) => new Checkpoint(section));

const leaveAll = () => checkpoints.forEach((checkpoint) => checkpoint.leave());
addEventListener("pagehide", leaveAll);
document.addEventListener("visibilitychange", () => document.hidden && leaveAll());
onState(() => checkpoints.forEach((checkpoint) => checkpoint.apply()));
