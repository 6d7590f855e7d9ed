// deno-lint-ignore-file no-console -- a command-line tool reports on the console
/**
 * How often the universe screen is right: false discoveries and power on the simulated market, whose
 * cointegrated pairs are known.
 *
 *     deno run -A tools/screen_study.ts --symbols 500 --window 1440 --seeds 20
 *
 * @module
 */
import { parseArgs } from "node:util";
import { type ScreenOptions, Universe } from "../lib/universe/mod.ts";
import { SimulatedMinutes } from "./support/simulated_minutes.ts";

const MINUTE_MS = 60_000;

/** What one way to screen found on one market. */
export interface Outcome {
  readonly method: string;
  readonly discoveries: number;
  /** Discoveries that are no pair, per discovery; 0 without any. */
  readonly falseShare: number;
  /** Pairs found, per pair there is. */
  readonly power: number;
}

const METHODS:
  readonly (readonly [string, ScreenOptions, "isDiscovery" | "isDiscoveryByAnyDependence"])[] = [
    ["lag 1 alone, BH", { lag: 1 }, "isDiscovery"],
    ["lag 1 alone, BY", { lag: 1 }, "isDiscoveryByAnyDependence"],
    ["two-stage, BH", {}, "isDiscovery"],
    ["two-stage, BY", {}, "isDiscoveryByAnyDependence"],
    ["lag 8 for every pair, BH", { retest: "every" }, "isDiscovery"],
    ["two-stage, lags by AIC, BH", { lag: "aic" }, "isDiscovery"],
  ];

/** Screens one simulated market in every way at 5 %. */
export function screenMarket(symbols: number, windowBars: number, seed: number): Outcome[] {
  const market = new SimulatedMinutes(symbols, seed);
  const universe = new Universe({ intervalMs: MINUTE_MS, windowBars });
  for (let t = 0; t < windowBars; t++) universe.push(MINUTE_MS * t, market.next());
  return METHODS.map(([method, options, flag]) => {
    const found = universe.screen({ ...options, rows: "discoveries" }).rows
      .filter((row) => row[flag]);
    const isTrue = found.filter(({ y, x }) =>
      market.truth.has(`${y} ${x}`) || market.truth.has(`${x} ${y}`)
    ).length;
    return {
      method,
      discoveries: found.length,
      falseShare: found.length === 0 ? 0 : 1 - isTrue / found.length,
      power: isTrue / market.truth.size,
    };
  });
}

/** The mean of a number over outcomes. */
export function meanOf(outcomes: readonly Outcome[], key: "falseShare" | "power" | "discoveries") {
  return outcomes.reduce((sum, outcome) => sum + outcome[key], 0) / outcomes.length;
}

function main(): void {
  const { values } = parseArgs({
    options: {
      symbols: { type: "string", default: "500" },
      window: { type: "string", default: "1440" },
      seeds: { type: "string", default: "20" },
    },
  });
  const [symbols, window, seeds] = [values.symbols, values.window, values.seeds].map(Number);
  const all = new Map<string, Outcome[]>();
  for (let seed = 1; seed <= seeds!; seed++) {
    for (const outcome of screenMarket(symbols!, window!, seed)) {
      all.getOrInsertComputed(outcome.method, () => []).push(outcome);
    }
    console.error(`seed ${seed} of ${seeds}`);
  }
  console.log(`${symbols} symbols, ${window} minutes, ${seeds} seeds`);
  for (const [method, outcomes] of all) {
    const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
    const shares = outcomes.map(({ falseShare }) => falseShare);
    console.log(
      `${method}: ${meanOf(outcomes, "discoveries").toFixed(1)} discoveries, false ${
        percent(meanOf(outcomes, "falseShare"))
      } (${percent(Math.min(...shares))} to ${percent(Math.max(...shares))}), power ${
        percent(meanOf(outcomes, "power"))
      }`,
    );
  }
}

if (import.meta.main) main();
