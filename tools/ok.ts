// deno-lint-ignore-file no-console -- a command-line tool reports on the console
/**
 * Runs everything that must hold before a change is taken: all steps, also after one that fails.
 *
 *     deno task ok [--only STEP,…] [--except STEP,…] [--json]
 *
 * @module
 */
import { parseArgs } from "node:util";
import { formatDuration } from "./support/format.ts";
import { runDeno } from "./support/process.ts";

/** One thing to check. */
export interface Step {
  /** Its name on the command line. */
  readonly name: string;
  /** What it checks, in a few words. */
  readonly what: string;
  /** The Deno subcommands that do it; their exit codes decide. */
  readonly commands: readonly (readonly string[])[];
}

/** What a step came to. */
export interface StepResult {
  /** The step's name. */
  readonly name: string;
  /** Checks that passed: 1, or as many as the step says in `N passed, N failed`. */
  readonly passed: number;
  /** Checks that failed. */
  readonly failed: number;
  /** How long it took, in ms. */
  readonly durationMs: number;
  /** What it printed. */
  readonly output: string;
}

const tool = (
  name: string,
  ...args: string[]
) => ["run", "--allow-all", `tools/${name}.ts`, ...args];

/** All steps, the quick ones first. */
export const STEPS: readonly Step[] = [
  { name: "fmt", what: "formatting", commands: [["fmt", "--check"]] },
  { name: "lint", what: "lint rules and rooms", commands: [["lint"]] },
  {
    name: "check",
    what: "types, also of examples",
    commands: [[
      "check",
      "--quiet",
      "--doc",
      "lib",
      "tests",
      "tools",
      "benches",
      "docs",
      "README.md",
    ]],
  },
  { name: "docs", what: "documentation", commands: [tool("check_docs")] },
  {
    name: "catalogue",
    what: "the catalogue of analytics",
    commands: [tool("analytics_catalogue", "--check")],
  },
  {
    name: "notebooks",
    what: "notebooks, which are also run",
    commands: [tool("check_notebooks"), tool("notebook/run_notebook", "--check")],
  },
  { name: "client", what: "the bundle for browsers", commands: [tool("build_client", "--check")] },
  { name: "test", what: "tests and examples", commands: [tool("test")] },
];

/**
 * Runs a step.
 *
 * @param step The step.
 * @param onLine Receives what it prints, line by line.
 * @returns What it came to.
 */
export async function runStep(
  step: Step,
  onLine: (line: string) => void = () => {},
): Promise<StepResult> {
  const start = performance.now();
  const outputs: string[] = [];
  let isGood = true;
  for (const command of step.commands) {
    const { code, output } = await runDeno(command, { onLine });
    outputs.push(output);
    isGood &&= code === 0;
  }
  const output = outputs.join("\n").trim();
  const counts = /^(\d+) passed, (\d+) failed$/.exec(output.split("\n").at(-1)!);
  const [passed, failed] = counts === null
    ? [isGood ? 1 : 0, isGood ? 0 : 1]
    : [Number(counts[1]), Math.max(Number(counts[2]), isGood ? 0 : 1)];
  return { name: step.name, passed, failed, durationMs: performance.now() - start, output };
}

function chosen(only: string | undefined, except: string | undefined): Step[] {
  const names = (text: string | undefined) => text?.split(",") ?? [];
  const unknown = [...names(only), ...names(except)]
    .find((name) => !STEPS.some((step) => step.name === name));
  if (unknown !== undefined) {
    throw new TypeError(
      `Cannot run the step "${unknown}" as there are only ${STEPS.map((s) => s.name).join(", ")}`,
    );
  }
  return STEPS.filter(({ name }) =>
    (only === undefined || names(only).includes(name)) && !names(except).includes(name)
  );
}

const HELP = `Runs everything that must hold before a change is taken.

Usage: deno task ok [--only STEP,…] [--except STEP,…] [--json]

Steps:
${STEPS.map((step) => `  ${step.name.padEnd(10)} ${step.what}`).join("\n")}

Examples:
  deno task ok
  deno task ok --only fmt,lint
  deno task ok --except test --json`;

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string" },
      except: { type: "string" },
      json: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const say = values.json ? () => {} : console.log;
  const results: StepResult[] = [];
  for (const step of chosen(values.only, values.except)) {
    say(`${step.name.padEnd(10)} ${step.what} …`);
    const result = await runStep(
      step,
      step.name === "test" ? (line) => say(`  ${line}`) : () => {},
    );
    results.push(result);
    const state = result.failed === 0 ? "ok" : "FAILED";
    say(`${step.name.padEnd(10)} ${state} (${formatDuration(result.durationMs)})`);
  }
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  for (const result of results) {
    const isShown = result.name === "test";
    if (result.failed > 0 && !isShown) say(`\n--- ${result.name} ---\n${result.output}`);
  }
  const bad = results.filter((result) => result.failed > 0).map((result) => result.name);
  if (bad.length > 0) say(`\nFailed steps: ${bad.join(", ")}`);
  console.log(
    values.json
      ? JSON.stringify({ passed, failed, steps: results })
      : `${passed} passed, ${failed} failed`,
  );
  return failed === 0 ? 0 : 1;
}

if (import.meta.main) {
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    console.error(error.message);
    Deno.exit(2);
  }
}
