// deno-lint-ignore-file no-console -- a command-line tool reports on the console
/**
 * What a screen of every pair costs, part by part and as a whole, beside a direct loop over the
 * window of each pair in this process and beside statsmodels where it is installed.
 *
 *     deno run -A benches/universe_scale.ts [SYMBOLS …]
 *
 * A direct loop and statsmodels are timed on a sample of the pairs and extrapolated. All parts are
 * measured in turn, and the fastest of the rounds is told, on every side: the machine may be busy.
 *
 * @module
 */
import { Universe } from "tandem/universe";
import { FalseDiscoveries } from "../lib/universe/false_discoveries.ts";
import { finalTests } from "../lib/universe/final_tests.ts";
import { pairStatistics, testLagOne } from "../lib/universe/lag_one.ts";
import { candidateBound } from "../lib/universe/false_discoveries.ts";
import { Mark, PriceRing } from "../lib/universe/price_ring.ts";
import { scanPairs } from "../lib/universe/scan.ts";
import { WindowMoments } from "../lib/universe/window_moments.ts";
import { formatTable } from "../tools/support/format.ts";
import { hasStatsmodels, statsmodelsCoint } from "../tools/support/statsmodels.ts";
import { directRatio } from "./support/direct_ratio.ts";
import { FactorMarket } from "./support/factor_market.ts";

const WINDOW = 1_440;
/** A large universe fills its window slowly; what follows costs the same for every window. */
const SHORT_WINDOW = 120;
const MOST_SYMBOLS = 500;
const ROUNDS = 25;
const DIRECT_PAIRS = 1_000;
const STATSMODELS_PAIRS = 100;
/** Of one ordered pair: residual, quadratic forms, edges, the two regressors (statistics of a count). */
const FLOPS_PER_TEST = 57;

/** Times of one size, in ms. */
interface Costs {
  readonly symbols: number;
  readonly slide: number;
  readonly evaluate: number;
  readonly correct: number;
  readonly lagOne: number;
  readonly twoStage: number;
  readonly direct: number;
  readonly candidates: number;
  readonly slideBytes: number;
}

/** The parts of a pass at lag 1, each by itself. */
class Parts {
  readonly #ring: PriceRing;
  readonly #moments: WindowMoments;
  readonly #statistics;
  readonly #symbols: number;

  constructor(market: FactorMarket, windowBars: number) {
    this.#symbols = market.levels.length;
    this.#ring = new PriceRing(windowBars, this.#symbols);
    this.#moments = new WindowMoments(this.#ring, 1, this.#symbols);
    this.#statistics = pairStatistics(this.#symbols);
    market.levels.forEach((level, slot) => {
      this.#ring.enter(slot, level);
      this.#moments.enter(slot, level);
    });
    for (let t = 0; t <= windowBars; t++) this.slide(market.next());
  }

  slide(bars: ReturnType<FactorMarket["next"]>): void {
    this.#ring.append();
    bars.forEach(({ close }, slot) => this.#ring.set(slot, Math.log(close), Mark.complete));
    this.#ring.close();
    this.#moments.push(this.#symbols);
  }

  evaluate(): void {
    testLagOne(this.#moments.live!, this.#ring, this.#symbols, () => true, this.#statistics);
  }

  correct(): number {
    const scan = scanPairs(this.#statistics, this.#symbols, candidateBound(0.05));
    const { pValues } = finalTests(scan.candidates, this.#statistics, null, 1);
    return new FalseDiscoveries(pValues, scan.tested, 0.05).benjaminiHochberg;
  }
}

function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** The fastest: what other programs on the machine take is not ours. */
function fastest(values: readonly number[]): number {
  return Math.min(...values);
}

function measure(symbols: number): Costs {
  const windowBars = symbols > MOST_SYMBOLS ? SHORT_WINDOW : WINDOW;
  const market = new FactorMarket(symbols);
  const parts = new Parts(market, windowBars);
  const [one, many] = [1, 8].map((maxLag) => {
    const universe = new Universe({ intervalMs: 1, windowBars, maxLag });
    for (let t = 0; t <= windowBars; t++) universe.push(t, market.next());
    return universe;
  }) as [Universe, Universe];
  const series = directSeries();
  const screen = (universe: Universe) => {
    universe.push(universe.openTimeMs! + 1, market.next());
    return universe.screen({ rows: "discoveries", limit: 100 });
  };
  const times = {
    slide: [],
    evaluate: [],
    correct: [],
    lagOne: [],
    twoStage: [],
    direct: [],
  } as Record<"slide" | "evaluate" | "correct" | "lagOne" | "twoStage" | "direct", number[]>;
  let candidates = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const bars = market.next();
    times.slide.push(timed(() => parts.slide(bars)));
    times.evaluate.push(timed(() => parts.evaluate()));
    times.correct.push(timed(() => parts.correct()));
    times.lagOne.push(timed(() => screen(one)));
    times.twoStage.push(timed(() => candidates = screen(many).candidates));
    times.direct.push(
      timed(() => direct(series)) / DIRECT_PAIRS * symbols * (symbols - 1),
    );
  }
  const slideBytes = 3 * 2 * 2 * 8 * symbols * (symbols + 1) / 2;
  return {
    symbols,
    candidates,
    slideBytes,
    slide: fastest(times.slide),
    evaluate: fastest(times.evaluate),
    correct: fastest(times.correct),
    lagOne: fastest(times.lagOne),
    twoStage: fastest(times.twoStage),
    direct: fastest(times.direct),
  };
}

/** Series of a full window, whatever the window of the universe measured. */
function directSeries(): Float64Array[] {
  const market = new FactorMarket(100);
  const series = market.levels.map(() => new Float64Array(WINDOW));
  for (let t = 0; t < WINDOW; t++) {
    market.next().forEach((bar, i) => series[i]![t] = Math.log(bar.close));
  }
  return series;
}

function direct(series: readonly Float64Array[]): number {
  let sum = 0;
  for (let k = 0; k < DIRECT_PAIRS; k++) {
    const y = 7 * k % series.length;
    sum += directRatio(series[y]!, series[(y + 1 + 13 * k % (series.length - 1)) % series.length]!);
  }
  if (Number.isNaN(sum)) throw new Error("A pair has no test");
  return sum;
}

/** Seconds per ordered pair by statsmodels, or `null` where it is not installed. */
async function statsmodelsSeconds(): Promise<number | null> {
  if (!await hasStatsmodels()) return null;
  const series = directSeries().map((values) => [...values]);
  const pairs = Array.from({ length: STATSMODELS_PAIRS }, (_, k): [number, number] => {
    const y = 7 * k % series.length;
    return [y, (y + 1 + 13 * k % (series.length - 1)) % series.length];
  });
  const runs: number[] = [];
  for (let k = 0; k < 3; k++) {
    const { seconds, statistics } = await statsmodelsCoint(series, pairs, 1);
    statistics.forEach((statistic, i) => {
      const [y, x] = pairs[i]!.map((n) => Float64Array.from(series[n]!));
      if (!(Math.abs(directRatio(y!, x!) - statistic) < 1e-6)) throw new Error("The tests differ");
    });
    runs.push(seconds / STATSMODELS_PAIRS);
  }
  return fastest(runs);
}

async function main(args: readonly string[]): Promise<void> {
  const sizes = args.length > 0 ? args.map(Number) : [100, 300, 500, 800, 2_000];
  const perPair = await statsmodelsSeconds();
  if (perPair === null) console.log("statsmodels is not installed: without it");
  const ms = (value: number) => `${value.toPrecision(3)} ms`;
  const costs = sizes.map(measure);
  console.log(formatTable(
    [
      "symbols",
      "slide",
      "evaluate",
      "correct",
      "lag 1",
      "two-stage",
      "candidates",
      "GFlop/s",
      "GB/s",
    ],
    costs.map((c) => [
      ...[String(c.symbols), ms(c.slide), ms(c.evaluate), ms(c.correct), ms(c.lagOne)],
      ...[ms(c.twoStage), String(c.candidates)],
      (FLOPS_PER_TEST * c.symbols * (c.symbols - 1) / c.evaluate / 1e6).toPrecision(2),
      (c.slideBytes / c.slide / 1e6).toPrecision(2),
    ]),
  ));
  console.log(formatTable(
    ["symbols", "direct loop", "of lag 1", "two-stage of lag 1", "statsmodels", "of lag 1"],
    costs.map((c) => {
      const there = perPair === null ? null : 1_000 * perPair * c.symbols * (c.symbols - 1);
      return [
        ...[String(c.symbols), ms(c.direct), (c.direct / c.lagOne).toFixed(0)],
        (c.twoStage / c.lagOne).toFixed(1),
        there === null ? "" : `${(there / 1_000).toPrecision(3)} s`,
        there === null ? "" : (there / c.lagOne).toFixed(0),
      ];
    }),
  ));
}

if (import.meta.main) await main(Deno.args);
