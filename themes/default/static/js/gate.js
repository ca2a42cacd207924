// @ts-check
/** A gate gives its reason and asks; it never holds anybody who wants to read on. */
import { all, first, set, show } from "./dom.js";
import { holds } from "./conditions.js";
import { gateOpen, guarded, onState, opening, record, refresh, session } from "./session.js";

onState(function applyGate() {
  const gate = first(".gate[data-requires]");
  if (!gate) return;
  const { tree, requires, facts } = session;
  const open = gateOpen();
  const opened = opening();
  if (opened?.gated && !tree.passed.has(opened.id) && holds(requires, facts)) pass("met");
  show(gate, !open);
  for (const content of all(".gated")) show(content, open);
  show(first(".gate-ways", gate), true);
});

/** @param {string} how met, paper, anyway */
function pass(how) {
  const moment = opening()?.id ?? "";
  record({ type: "passed", moment, how, page: session.island.page });
  session.tree.passed.add(moment);
}

guarded(function startGate() {
  for (const how of ["paper", "anyway"]) {
    first(`.gate-${how}`)?.addEventListener("click", () => {
      if (!session.facts) return;
      pass(how);
      refresh();
      // The button is gone; whoever reads on by keyboard or by ear begins at the text.
      const text = first(".gated");
      set(text, "tabindex", -1);
      text.focus();
    });
  }
});
