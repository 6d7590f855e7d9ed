// deno-lint-ignore-file no-console -- a command-line tool reports on the console
/**
 * Runs the tests: installs or names what they need, runs them, says what came of it.
 *
 *     deno task test                      everything, with coverage
 *     deno task test tests/feed           some of it, without
 *     deno task test --filter "ols()"     what deno test understands
 *
 * @module
 */
import { formatDuration } from "./support/format.ts";
import { root, run, runDeno } from "./support/process.ts";
import { installMissing, SYSTEM_PROGRAMS } from "./support/system_packages.ts";
import { testLanes } from "./support/test_lanes.ts";
import { TestLog, type TestTotals } from "./support/test_log.ts";

const HELP = `Runs the tests.

Usage: deno task test [--verbose] [--no-install] [FILE or FOLDER or option of deno test …]

  --verbose      show everything the tests print
  --no-install   install nothing that is missing; skip the tests that need it

Examples:
  deno task test
  deno task test tests/feed lib/feed
  deno task test --filter "parseInterval()"

Without arguments: all tests and all examples of the documentation, with coverage.`;

/** Client code runs in a browser, where coverage is not collected. */
const COVERAGE_EXCLUDES = ["lib/live/client/", "lib/live/dist/"];

/** What the tests are told: data that lies beside the checkout must be used where all is checked. */
async function testEnvironment(): Promise<Record<string, string>> {
  // The settings of whoever runs them are not what the tests are about.
  const env: Record<string, string> = { TANDEM_CONFIG: "" };
  if (!Deno.env.get("CI")) return env;
  for (
    const [variable, folder] of [["TANDEM_DATA", "data"], ["TANDEM_GOLDEN", "golden"]] as const
  ) {
    const path = `${root}/../shared/${folder}`;
    const isThere = await Deno.stat(path).then((info) => info.isDirectory, () => false);
    if (isThere && !Deno.env.get(variable)) env[variable] = await Deno.realPath(path);
  }
  return env;
}

async function coverageProblem(folder: string): Promise<string | null> {
  const { code, output } = await runDeno([
    "coverage",
    `--include=^file://${root}/lib/`,
    `--exclude=${COVERAGE_EXCLUDES.map((path) => `^file://${root}/${path}`).join("|")}`,
    folder,
  ]);
  const totals = /^\| All files +\| +([\d.]+) \| +([\d.]+) \| +([\d.]+) \|/m.exec(output);
  if (totals !== null) {
    const [, branches, functions, lines] = totals;
    console.log(`coverage  lines ${lines} %, functions ${functions} %, branches ${branches} %`);
  }
  if (code === 0) return null;
  return output.slice(output.indexOf("error: ")).replace(/\s*Stack backtrace:[^]*$/, "");
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help")) {
    console.log(HELP);
    return 0;
  }
  const own = new Set(["--verbose", "--no-install"]);
  const passed = args.filter((arg) => !own.has(arg));
  const isAll = passed.length === 0;
  if (!args.includes("--no-install")) await installMissing(SYSTEM_PROGRAMS, console.log);

  const coverage = `${root}/coverage`;
  if (isAll) await Deno.remove(coverage, { recursive: true }).catch(() => {});
  const hasPath = passed.some((arg, i) => !arg.startsWith("-") && passed[i - 1] !== "--filter");
  const start = performance.now();
  const lanes = hasPath ? [[]] : await testLanes();
  const options = [
    ...isAll ? [`--coverage=${coverage}`, "--coverage-raw-data-only"] : [],
    ...passed,
  ];
  const isVerbose = args.includes("--verbose");
  const totals = merged(
    await Promise.all(lanes.map((lane) => runTests([...options, ...lane], isVerbose))),
  );
  const uncovered = isAll && totals.failed === 0 ? await coverageProblem(coverage) : null;
  return report(totals, uncovered, performance.now() - start);
}

async function runTests(args: readonly string[], isVerbose: boolean): Promise<TestTotals> {
  const log = new TestLog(isVerbose ? () => {} : console.log, () => performance.now());
  const { code } = await run(Deno.execPath(), ["test", "--allow-all", "--doc", ...args], {
    env: await testEnvironment(),
    onLine(line) {
      if (isVerbose) console.log(line);
      log.push(line);
    },
  });
  return log.end(code);
}

function merged(totals: readonly TestTotals[]): TestTotals {
  const sum = (count: (of: TestTotals) => number) => totals.reduce((all, of) => all + count(of), 0);
  return {
    passed: sum((of) => of.passed),
    failed: sum((of) => of.failed),
    ignored: sum((of) => of.ignored),
    skips: [...new Set(totals.flatMap((of) => of.skips))],
    failures: totals.map((of) => of.failures).filter((text) => text !== "").join("\n\n"),
  };
}

function report(totals: TestTotals, uncovered: string | null, durationMs: number): number {
  if (totals.failures !== "") console.log(`\n${totals.failures}`);
  if (uncovered !== null) console.log(`\n${uncovered}`);
  for (const skip of totals.skips) console.log(`skipped: ${skip}`);
  if (totals.ignored > 0) console.log(`${totals.ignored} ignored`);
  const nothingRan = totals.passed + totals.failed === 0;
  if (nothingRan) console.log("No test ran");
  const failed = totals.failed + (uncovered === null ? 0 : 1) + (nothingRan ? 1 : 0);
  console.log(`took ${formatDuration(durationMs)}`);
  console.log(`${totals.passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
