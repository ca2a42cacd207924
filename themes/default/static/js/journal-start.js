// @ts-check
/** The journal is shown when all that adds to it is there. */
import { showJournal } from "./journal.js";

showJournal();
