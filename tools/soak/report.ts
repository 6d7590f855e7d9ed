/**
 * What a soak showed, as a page.
 *
 * @module
 */
import { cpus, release, totalmem } from "node:os";
import { counted } from "../../lib/apps/counted.ts";
import type { Usage } from "./child.ts";
import type { Comparison } from "./compare.ts";
import type { SoakMarketSummary } from "./exchange_process.ts";
import type { SoakOptions } from "./options.ts";
import type { ReaderSummary } from "./reader_process.ts";
import { mostMarketLagSeconds, mostMegabytes, type Sample, timelineTable } from "./timeline.ts";

/** Everything that was seen. */
export interface SoakResult {
  readonly options: SoakOptions;
  readonly samples: readonly Sample[];
  readonly summary: SoakMarketSummary;
  readonly compared: Comparison;
  readonly readers: readonly ReaderSummary[];
  /** What is wrong; empty when nothing was lost. */
  readonly problems: readonly string[];
  /** How long after the last fault everything was stored, s. */
  readonly caughtUpSeconds: number;
  readonly databaseBytes: number;
  /** What the exchange had used when the faults ended. */
  readonly marketUsage: Usage | null;
  readonly marketSeconds: number;
}

const number = (value: number) => Math.round(value).toLocaleString("en-US");

/** Writes the page. */
export function reportOf(result: SoakResult): string {
  const { options, samples, summary, compared, readers, problems } = result;
  const { minutes, symbols, ratePerSecond, seed } = options;
  const [first, last] = [samples[0]!, samples.at(-1)!];
  const seconds = last.atSeconds - first.atSeconds;
  const faults = Object.values(summary.faults).reduce((sum, count) => sum + count, 0);
  const { p50Ms, p99Ms, maxMs } = last.loopDelay;
  return `# Soak

\`deno task soak\`: the ingest program for ${minutes} minutes on ${number(symbols)} symbols and ${
    number(ratePerSecond)
  } trades/s in
the long run, over real sockets, two for each symbol, against a simulated exchange in another
process at which something goes wrong all the time. ${readers.length} more processes read
snapshots of the database the whole time. In the end every stored trade and bar is compared with
what the exchange wrote down while it traded.

${
    problems.length === 0
      ? "Nothing was lost, nothing was wrong."
      : `**${counted(problems.length, "problem")}:**\n\n${problems.map((p) => `- ${p}`).join("\n")}`
  }

| | |
| --- | --- |
| when, seed | ${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC, ${seed} |
| where | ${cpus().length} cores, ${cpus()[0]?.model.trim()}, ${
    number(totalmem() / 2 ** 30)
  } GB, Linux ${release()}, Deno ${Deno.version.deno} |
| traded | ${number(summary.aggregates)} aggregate trades |
| stored and equal by id and value | ${number(compared.trades)}, ${
    number(compared.fetched)
  } of them fetched over REST |
| stored per second | ${number((last.stored - first.stored) / seconds)} |
| bars that follow from them | ${number(compared.bars)} |
| gaps | ${number(compared.gapsRepaired)} repaired, ${number(compared.gapsLost)} lost |
| faults | ${number(faults)} |
| duplicates dropped | ${number(last.duplicates)} |
| set aside, each of it sent corrupt | ${number(compared.quarantined)} |
| whole after the last fault | ${result.caughtUpSeconds.toFixed(0)} s |
| memory of the ingest, most | ${mostMegabytes(samples, 0, 1)} MB RSS; ${
    mostMegabytes(samples, 0.2, 0.4)
  } MB from 20 to 40 % of the time, ${mostMegabytes(samples, 0.8, 1)} MB in the last fifth |
| event loop late by | ${p50Ms} ms (median), ${p99Ms} ms (p99), ${maxMs} ms (most) |
| processor time of the ingest | ${
    ((last.cpuSeconds - first.cpuSeconds) / seconds).toFixed(2)
  } of a core; of the exchange ${
    ((result.marketUsage?.cpuSeconds ?? NaN) / result.marketSeconds).toFixed(2)
  } |
| the exchange was behind by, most | ${mostMarketLagSeconds(samples).toFixed(1)} s |
| database | ${number(result.databaseBytes / 2 ** 20)} MB, ${
    (result.databaseBytes / compared.trades).toFixed(1)
  } bytes per trade with its bars |

## Readers

| reader | snapshots | p50, ms | p99, ms | most, ms | locked or inconsistent |
| --- | --- | --- | --- | --- | --- |
${
    readers.map((r, k) =>
      `| ${k + 1} | ${number(r.snapshots)} | ${r.p50Ms.toFixed(1)} | ${r.p99Ms.toFixed(1)} | ${
        r.maxMs.toFixed(1)
      } | ${r.problems.length} |`
    ).join("\n")
  }

## Over time

${timelineTable(samples).join("\n")}

## Faults

| fault | times |
| --- | --- |
${
    Object.entries(summary.faults).sort(([a], [b]) => a.localeCompare(b))
      .map(([kind, count]) => `| ${kind} | ${number(count)} |`).join("\n")
  }
`;
}
