/**
 * What a soak does, second by second, and the same in few rows.
 *
 * @module
 */
import type { LoopDelaySummary } from "../../lib/apps/ingest/loop_delay.ts";

/** One look at a soak. */
export interface Sample {
  /** Since ingestion began, s. */
  readonly atSeconds: number;
  readonly rssBytes: number;
  readonly heapBytes: number;
  readonly cpuSeconds: number;
  readonly stored: number;
  readonly gaps: number;
  readonly duplicates: number;
  readonly quarantined: number;
  readonly loopDelay: LoopDelaySummary;
  /** How far the exchange's clock was behind ours: it lags when it has no time to trade, ms. */
  readonly marketLagMs: number;
}

/** At most so many rows are shown. */
const ROWS = 30;

const MEGABYTE = 2 ** 20;

/** The rows of a Markdown table over samples in order. */
export function timelineTable(samples: readonly Sample[]): string[] {
  const step = Math.max(1, Math.ceil(samples.length / ROWS));
  const rows = [
    "| minute | stored/s | RSS, MB | CPU of a core | gaps | loop delay p99, ms |",
    "| --- | --- | --- | --- | --- | --- |",
  ];
  for (let from = 0; from + 1 < samples.length; from += step) {
    const [a, b] = [samples[from]!, samples[Math.min(from + step, samples.length - 1)]!];
    const seconds = b.atSeconds - a.atSeconds;
    const most = Math.max(...samples.slice(from, from + step + 1).map((s) => s.rssBytes));
    rows.push(
      `| ${(b.atSeconds / 60).toFixed(1)} | ${Math.round((b.stored - a.stored) / seconds)} | ${
        Math.round(most / MEGABYTE)
      } | ${
        ((b.cpuSeconds - a.cpuSeconds) / seconds).toFixed(2)
      } | ${b.gaps} | ${b.loopDelay.p99Ms} |`,
    );
  }
  return rows;
}

/** How far the simulated exchange was behind at worst, s. */
export function mostMarketLagSeconds(samples: readonly Sample[]): number {
  return Math.max(0, ...samples.map((s) => s.marketLagMs)) / 1_000;
}

/** The most memory in two parts of a soak, MB: from a share of its time to another. */
export function mostMegabytes(samples: readonly Sample[], from: number, to: number): number {
  const part = samples.slice(Math.floor(from * samples.length), Math.ceil(to * samples.length));
  return Math.round(Math.max(0, ...part.map((s) => s.rssBytes)) / MEGABYTE);
}
