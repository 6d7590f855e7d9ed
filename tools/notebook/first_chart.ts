// deno-lint-ignore-file no-console -- a command-line tool reports on the console
/**
 * Measures how long it takes from the start of a kernel to the first chart below a cell.
 *
 * A sample market is made first, once. Each round starts a fresh kernel on it, imports the
 * notebook room in one cell and shows a live pair of 3,600 bars in the next; the time ends when the
 * whole output has arrived.
 *
 *     deno task measure:notebook [--rounds 7]
 *
 * @module
 */
import { parseArgs } from "node:util";
import { root } from "../support/process.ts";
import { type Execution, KernelClient } from "./kernel_client.ts";

/** What one round took, in ms since the kernel was started. */
export interface FirstChart {
  /** The kernel answers. */
  readonly kernelMs: number;
  /** `tandem/notebook` is imported. */
  readonly importedMs: number;
  /** The chart is there. */
  readonly chartMs: number;
}

const IMPORT = `import * as nb from "tandem/notebook";`;
const SAMPLE = `const made = await nb.sampleMarket({ hours: 1 });`;
const CHART = `await nb.sampleMarket({ hours: 1 });
await nb.show(nb.pair("ETHUSDT", "BTCUSDT", { interval: "1s" }).live());`;

function checked(execution: Execution): Execution {
  if (execution.status === "ok") return execution;
  throw new Error(`${execution.ename}: ${execution.evalue}`);
}

/**
 * Starts a kernel and waits for its first chart.
 *
 * @param database Where its sample lies.
 * @param chart The cell that shows it.
 * @returns What it took.
 */
export async function firstChart(database: string, chart: string = CHART): Promise<FirstChart> {
  const start = performance.now();
  await using kernel = await KernelClient.start({
    cwd: `${root}/notebooks`,
    env: { TANDEM_DB: database },
  });
  const kernelMs = performance.now() - start;
  checked(await kernel.execute(IMPORT));
  const importedMs = performance.now() - start;
  const { outputs } = checked(await kernel.execute(chart));
  const chartMs = performance.now() - start;
  if (chart === CHART && !outputs.some(({ content }) => content.data?.["image/svg+xml"])) {
    throw new Error("The cell showed no chart");
  }
  return { kernelMs, importedMs, chartMs };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { rounds: { type: "string", default: "7" } },
  });
  const folder = await Deno.makeTempDir();
  try {
    const database = `${folder}/tandem.db`;
    await firstChart(database, SAMPLE);
    const rounds: FirstChart[] = [];
    for (let k = 0; k < Number(values.rounds); k++) rounds.push(await firstChart(database));
    for (const stage of ["kernelMs", "importedMs", "chartMs"] as const) {
      const all = rounds.map((round) => round[stage]);
      const [least, most] = [Math.min(...all), Math.max(...all)].map(Math.round);
      console.log(`${stage.padEnd(11)} median ${Math.round(median(all))}, ${least} to ${most}`);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) await main(Deno.args);
