import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { runStep, type Step } from "../../tools/ok.ts";
import { runDeno } from "../../tools/support/process.ts";

const TOOL = decodeURIComponent(new URL("../../tools/ok.ts", import.meta.url).pathname);

function step(...sources: string[]): Step {
  return { name: "x", what: "a test", commands: sources.map((source) => ["eval", source]) };
}

Deno.test.each([
  ["counts a step that does not count itself as one", [`console.log("fine")`], 1, 0],
  ["counts a step that fails as one failure", [`Deno.exit(1)`], 0, 1],
  ["takes the counts of a step's last line", [`console.log("x\\n7 passed, 0 failed")`], 7, 0],
  [
    "adds a failure that the counts do not show",
    [`console.log("7 passed, 0 failed");Deno.exit(1)`],
    7,
    1,
  ],
  ["runs all commands of a step", [`Deno.exit(1)`, `console.log("second")`], 0, 1],
])("runStep() %s", async (_name, sources, passed, failed) => {
  const result = await runStep(step(...sources));
  deepStrictEqual([result.passed, result.failed], [passed, failed]);
  if (sources.length > 1) match(result.output, /second/);
});

Deno.test("deno task ok prints a line per step and the counts at the end", async () => {
  const { output } = await runDeno(["run", "-A", TOOL, "--only", "client"]);
  const lines = output.split("\n");
  match(lines[0]!, /^client {5}the bundle for browsers …$/);
  match(lines.at(-1)!, /^\d+ passed, \d+ failed$/);
});

Deno.test("deno task ok --json prints one object", async () => {
  const { output } = await runDeno(["run", "-A", TOOL, "--only", "client", "--json"]);
  const { passed, failed, steps } = JSON.parse(output);
  strictEqual(passed + failed, 1);
  deepStrictEqual(steps.map((s: { name: string }) => s.name), ["client"]);
});

Deno.test("deno task ok refuses a step it does not know", async () => {
  const { code, output } = await runDeno(["run", "-A", TOOL, "--except", "tests"]);
  strictEqual(code, 2);
  match(output, /^Cannot run the step "tests" as there are only fmt, lint, /);
});
