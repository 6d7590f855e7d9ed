// deno-lint-ignore-file no-console -- a command-line tool reports on the console
/**
 * Runs the benches and compares their ratios with the committed baseline.
 *
 * A bench that is slower than its tolerance is run again: only a slow-down that repeats counts.
 *
 *     deno task bench [FILE …] [--update] [--json]
 *
 * @module
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import {
  type Baseline,
  type BenchOutput,
  type BenchRatio,
  benchRatios,
  compareRatios,
} from "./support/bench_ratios.ts";
import { formatTable } from "./support/format.ts";
import { root, runDeno } from "./support/process.ts";

/** How much larger than the committed ratio a ratio may be. */
const FACTOR = 1.25;

/** How often a bench that seems slower is run again. */
const REPEATS = 2;

const HELP = `Runs the benches and compares them with the committed baseline.

Usage: deno task bench [FILE …] [--update] [--baseline FILE] [--json]

  --update          write the ratios of this run as the new baseline
  --baseline FILE   the baseline (default: benches/baseline.json)

Examples:
  deno task bench
  deno task bench benches/feed_bench.ts`;

async function measure(files: readonly string[]): Promise<BenchOutput> {
  const { code, output } = await runDeno(["bench", "--allow-all", "--no-lock", "--json", ...files]);
  const start = output.indexOf('{\n  "version"');
  if (code !== 0 || start < 0) throw new Error(`The benches failed:\n${output}`);
  // What the benches print on the other stream may follow.
  return JSON.parse(output.slice(start, output.lastIndexOf("\n}") + 2));
}

async function benchFiles(): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(`${root}/benches`)) {
    if (entry.name.endsWith("_bench.ts")) found.push(`${root}/benches/${entry.name}`);
  }
  return found.sort();
}

async function readBaseline(path: string): Promise<Baseline | null> {
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

function formatNs(ns: number): string {
  const [unit, scale] = ns < 1e3 ? ["ns", 1] : ns < 1e6 ? ["µs", 1e3] : ["ms", 1e6];
  return `${(ns / Number(scale)).toPrecision(3)} ${unit}`;
}

/** The ratios, where a bench that seems slower is the best of several runs. */
async function steadyRatios(
  files: readonly string[],
  expected: Baseline["ratios"],
): Promise<{ ratios: BenchRatio[]; output: BenchOutput }> {
  const output = await measure(files);
  let ratios = benchRatios(output);
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const slower = compareRatios(ratios, expected, FACTOR).filter(({ state }) =>
      state === "slower"
    );
    if (slower.length === 0) break;
    const again = files.filter((file) =>
      slower.some(({ id }) => id.startsWith(`${file.split("/").at(-1)} > `))
    );
    console.error(`${slower.length} seem slower: running ${again.length} files again`);
    const repeated = new Map(benchRatios(await measure(again)).map((bench) => [bench.id, bench]));
    ratios = ratios.map((bench) => {
      const other = repeated.get(bench.id);
      return other !== undefined && other.ratio < bench.ratio ? other : bench;
    });
  }
  return { ratios, output };
}

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      baseline: { type: "string" },
      help: { type: "boolean" },
      json: { type: "boolean" },
      update: { type: "boolean" },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const files = positionals.length > 0 ? positionals.map((p) => resolve(p)) : await benchFiles();
  if (files.length === 0) throw new Error("There are no benches in benches/");
  const path = resolve(values.baseline ?? `${root}/benches/baseline.json`);
  const baseline = await readBaseline(path);
  const expected = values.update ? {} : baseline?.ratios ?? {};
  const { ratios, output } = await steadyRatios(files, expected);
  const compared = compareRatios(ratios, expected, FACTOR);
  if (values.json) console.log(JSON.stringify(compared));
  else {
    const rows = compared.map(({ id, p75Ns, ratio, expected, state }) => [
      ...[id, formatNs(p75Ns), ratio.toPrecision(3), expected?.toPrecision(3) ?? "-", state],
    ]);
    console.log(formatTable(["bench", "p75", "ratio", "baseline", ""], rows));
    if (baseline !== null) console.log(`baseline of ${baseline.date}, ${baseline.machine}`);
  }
  if (values.update) {
    const next: Baseline = {
      date: new Date().toISOString().slice(0, 10),
      machine: `${output.cpu}, ${navigator.hardwareConcurrency} cores`,
      runtime: output.runtime,
      ratios: {
        ...positionals.length > 0 ? baseline?.ratios : {},
        ...Object.fromEntries(ratios.map(({ id, ratio }) => [id, Number(ratio.toPrecision(3))])),
      },
    };
    await Deno.writeTextFile(path, `${JSON.stringify(next, null, 2)}\n`);
    console.log(`Wrote ${path.replace(`${root}/`, "")}`);
    return 0;
  }
  const gone = positionals.length > 0
    ? []
    : Object.keys(expected).filter((id) => !ratios.some((bench) => bench.id === id));
  for (const id of gone) console.error(`Not measured but in the baseline: ${id}`);
  const failed = compared.filter(({ state }) => state !== "ok").length + gone.length;
  if (!values.json) {
    console.log(`${compared.length - failed + gone.length} passed, ${failed} failed`);
  }
  return failed === 0 ? 0 : 1;
}

if (import.meta.main) {
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    Deno.exit(1);
  }
}
