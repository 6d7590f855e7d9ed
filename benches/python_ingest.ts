// deno-lint-ignore-file no-console -- a command-line tool reports on the console
/**
 * Ingestion beside a plain Python stack, each in a process of its own, fed by a third: how many
 * trades per second each stores when it is given all it takes, and how much processor time a trade
 * costs at 20,000 per second.
 *
 *     deno run -A benches/python_ingest.ts
 *
 * @module
 */
import { TextLineStream } from "../tools/support/lines.ts";
import { formatTable } from "../tools/support/format.ts";
import type { IngestRunResult } from "./support/ingest_run.ts";
import { IngestProcess, originProblem } from "./support/origin.ts";

const SYMBOLS = Array.from({ length: 20 }, (_, k) => `SYM${k}USDT`);
const ROUNDS = 3;
const RATE = 20_000;
const KINDS = ["origin", "tandem"] as const;

/** Runs one side against a sender of its own. */
async function measure(
  kind: typeof KINDS[number],
  count: number,
  rate: number | null,
): Promise<IngestRunResult> {
  const query = `symbols=${SYMBOLS.length}&count=${count}${rate === null ? "" : `&rate=${rate}`}`;
  const sender = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", new URL("support/blast_worker.ts", import.meta.url).href, query],
    stdout: "piped",
  }).spawn();
  const lines = sender.stdout.pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream()).getReader();
  const folder = await Deno.makeTempDir();
  try {
    const port = Number((await lines.read()).value);
    await using ingest = await IngestProcess.start(kind, {
      port,
      symbols: SYMBOLS,
      count,
      database: `${folder}/bench.db`,
    });
    return await ingest.ingest();
  } finally {
    sender.kill();
    await sender.status;
    await lines.cancel();
    await Deno.remove(folder, { recursive: true });
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

async function main(): Promise<number> {
  const problem = await originProblem();
  if (problem !== null) {
    console.log(`There is nothing to compare with: ${problem}`);
    return 0;
  }
  const rows: string[][] = [];
  for (
    const [work, count, rate, of] of [
      ["trades per second, saturated", 800_000, null, (r: IngestRunResult) => r.stored / r.seconds],
      [
        `processor time per trade at ${RATE}/s, µs`,
        // Half a minute: a running ingest does not compile all the time.
        600_000,
        RATE,
        (r: IngestRunResult) => 1e6 * r.cpuSeconds / r.stored,
      ],
    ] as const
  ) {
    const results: Record<typeof KINDS[number], number[]> = { origin: [], tandem: [] };
    for (let round = 0; round < ROUNDS; round++) {
      for (const kind of KINDS) results[kind].push(of(await measure(kind, count, rate)));
    }
    const [origin, tandem] = [median(results.origin), median(results.tandem)];
    rows.push([work, origin.toPrecision(3), tandem.toPrecision(3), (tandem / origin).toFixed(2)]);
  }
  console.log(formatTable(["work", "Python", "Tandem", "ratio"], rows));
  return 0;
}

if (import.meta.main) Deno.exit(await main());
