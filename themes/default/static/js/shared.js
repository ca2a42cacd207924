// @ts-check
/** A computer that several people use: from here on nothing outlives the window, until that is ended. */
import { all, first } from "./dom.js";
import { session } from "./session.js";
import { t } from "./strings.js";

const flag = () => `learnpath:${session.island.course}:shared`;

function begin() {
  try {
    sessionStorage.setItem(flag(), "on");
    location.reload();
  } catch {
    // A browser that keeps nothing for this page at all forgets by itself.
    first(".shared-said").textContent = t("shared.nothing");
  }
}

/** Everything of this window's store, so that not even a tab that is re-opened has it. */
function end() {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith("learnpath")) sessionStorage.removeItem(key);
  history.replaceState(null, "");
  location.reload();
}

for (const control of all("[data-later=shared]")) control.removeAttribute("data-later");
first("button.shared-on")?.addEventListener("click", begin);
first("button.shared-off")?.addEventListener("click", end);
