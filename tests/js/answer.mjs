// @ts-check
/** Answers lines of JSON, `[tree, facts]`, with what the page's evaluator makes of them. */
import { createInterface } from "node:readline";

import { evaluate, holds } from "../../themes/default/static/js/conditions.js";

for await (const line of createInterface({ input: process.stdin })) {
  const [tree, facts] = JSON.parse(line);
  console.log(JSON.stringify([evaluate(tree, facts) ?? null, holds(tree, facts)]));
}
