// deno-lint-ignore-file no-console -- a command-line tool reports on the console
/**
 * A backtest of one pair over 43,200 bars beside pandas, and a sweep of 10,000 cells over them in one
 * thread and in all cores.
 *
 *     deno run -A benches/backtest_python.ts [CELLS]
 *
 * pandas (`support/backtest.py`) runs in a process of its own and times only the work; both must agree
 * in the net. Without pandas it says so and goes on.
 *
 * @module
 */
import process from "node:process";
import { run } from "../tools/support/process.ts";
import { backtest, sweepInParallel } from "tandem/backtest";
import { seededColumns } from "./support/seeded_columns.ts";

const BARS = 43_200;
const RULES = { entry: 2, exit: 0.5, feeBps: 2 };

async function pandas(
  input: unknown,
): Promise<{ version: string; ms: number; net: number } | null> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/input.json`, JSON.stringify(input));
    const script = new URL("./support/backtest.py", import.meta.url).pathname;
    const { output } = await run("/usr/bin/python3", [script, `${folder}/input.json`]);
    const report = output.split("\n").find((line) => line.startsWith("REPORT"));
    return report === undefined ? null : JSON.parse(report.slice("REPORT".length));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Processor time of all threads so far. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function medianMs(work: () => unknown, runs: number): number {
  for (let i = 0; i < 20; i++) work();
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return times.toSorted((a, b) => a - b)[runs >> 1]!;
}

async function main(args: readonly string[]): Promise<number> {
  const columns = seededColumns(BARS);
  const options = { ...RULES, sizing: "dollar" } as const;
  const { totalNet } = backtest(columns, options);
  const ms = medianMs(() => backtest(columns, options), 51);
  console.log(`backtest(): ${ms.toFixed(2)} ms, ${(BARS / ms / 1e3).toFixed(1)} M bars/s`);
  const plain = Object.fromEntries(Object.entries(columns).map(([k, v]) => [k, Array.from(v)]));
  const there = await pandas({ ...plain, ...RULES });
  if (there === null) console.log("Skipped: no pandas here (Debian package python3-pandas)");
  else {
    if (!(Math.abs(there.net / totalNet - 1) < 1e-9)) {
      throw new Error(`The nets differ: ${there.net} there, ${totalNet} here`);
    }
    console.log(`${there.version}: ${there.ms.toFixed(2)} ms; ratio ${(there.ms / ms).toFixed(1)}`);
  }
  await sweep(columns, Math.round(Math.sqrt(Number(args[0] ?? 10_000) / 4)));
  return 0;
}

/** Four windows, as many entries and exits. */
async function sweep({ y, x }: ReturnType<typeof seededColumns>, count: number): Promise<void> {
  const rows = Array.from(y, (price, row) => ({
    ...{ row, openTimeMs: row * 60_000, y: price, x: x[row]! },
    ...{ stale: false, complete: true, revision: 0 },
  }));
  const steps = (from: number, to: number) =>
    Array.from({ length: count }, (_, i) => from + i * (to - from) / count);
  const grid = { entries: steps(1.5, 3), exits: steps(0, 1.4), windows: [120, 240, 480, 960] };
  const options = { periodsPerYear: 525_600, feeBps: 2, stop: 6 };
  const cores = navigator.hardwareConcurrency;
  const timed = async (workers: number) => {
    const [start, startCpu] = [performance.now(), cpuSeconds()];
    const { cells, deflatedSharpe, overfitting } = await sweepInParallel(
      rows,
      grid,
      options,
      {},
      { workers },
    );
    const seconds = (performance.now() - start) / 1_000;
    const cpu = cpuSeconds() - startCpu;
    console.log(
      `${cells.length} cells with ${workers} workers: ${seconds.toFixed(1)} s, ` +
        `${cpu.toFixed(1)} s of processor time, ` +
        `${(cells.length * BARS / seconds / 1e6).toFixed(1)} M bars/s; deflated Sharpe ratio ` +
        `${deflatedSharpe?.toFixed(3)}, probability of overfitting ${overfitting.probability}`,
    );
    return { seconds, cpu };
  };
  const [alone, together] = [await timed(1), await timed(cores)];
  console.log(
    `per core of ${cores}: ${(alone.seconds / together.seconds / cores).toFixed(2)} of a thread ` +
      `alone by the clock; ${
        (alone.cpu / together.cpu).toFixed(2)
      } by processor time, which other ` +
      "work on the machine hardly changes",
  );
}

if (import.meta.main) Deno.exit(await main(Deno.args));
