// @ts-check
/**
 * Words given out by the page that they are on, where they are kept badly or nowhere else: loaded when
 * that is first asked for.
 */
import { download } from "./files.js";
import { downloadMarkdown } from "./markdown.js";
import { session } from "./session.js";

document.addEventListener("click", ({ target }) => {
  // What is still marked is about to be clicked once more.
  const asked = /** @type {Element} */ (target).closest(".download:not([data-later])");
  if (asked?.matches(".download-page")) downloadMarkdown([...session.tree.versions.values()]);
  if (asked?.matches(".download-box")) {
    const { checkpoint } = /** @type {any} */ (asked.closest("[data-checkpoint]"));
    download("txt", checkpoint.text, "text/plain");
  }
});
