/** What a sample is of: label names (letters, digits, `_`) and their values. */
export type Labels = Readonly<Record<string, string>>;

/** One number of a metric. */
export interface Sample {
  /** What it is of. @default {the process as a whole} */
  readonly labels?: Labels;
  /** The number in the unit that the name says; `null` where there is none: it is left out. */
  readonly value: number | null;
}

/** A metric with all its numbers. */
export interface Metric {
  /** Its name, with the unit: `tandem_bars_lag_seconds`; a counter ends in `_total`. */
  readonly name: string;
  /** Whether it only grows, until the process ends, or goes up and down. */
  readonly type: "counter" | "gauge";
  /** What it says, in a line. */
  readonly help: string;
  /** Its numbers. */
  readonly samples: readonly Sample[];
}

/** How Prometheus text calls itself. */
export const EXPOSITION_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/**
 * Returns metrics as Prometheus text, exposition format 0.0.4.
 *
 * @example A gauge of two symbols
 * ```ts
 * import { exposition } from "tandem/metrics";
 * import { strictEqual } from "node:assert/strict";
 *
 * const samples = [
 *   { labels: { symbol: "BTCUSDT" }, value: 1 },
 *   { labels: { symbol: "ETHUSDT" }, value: 0 },
 * ];
 * strictEqual(
 *   exposition([{ name: "tandem_gaps", type: "gauge", help: "Known gaps", samples }]),
 *   '# HELP tandem_gaps Known gaps\n# TYPE tandem_gaps gauge\n' +
 *     'tandem_gaps{symbol="BTCUSDT"} 1\ntandem_gaps{symbol="ETHUSDT"} 0\n',
 * );
 * ```
 *
 * @param metrics The metrics; those of one name together.
 * @returns The text, with a line end after each line.
 */
export function exposition(metrics: readonly Metric[]): string {
  const lines: string[] = [];
  for (const { name, type, help, samples } of metrics) {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
    for (const { labels = {}, value } of samples) {
      if (value === null) continue;
      const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escape(text)}"`);
      lines.push(`${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${valueOf(value)}`);
    }
  }
  return lines.join("\n") + "\n";
}

function escape(text: string): string {
  return text.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n");
}

function valueOf(value: number): string {
  return Math.abs(value) === Infinity ? (value > 0 ? "+Inf" : "-Inf") : String(value);
}
