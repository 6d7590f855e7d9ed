/**
 * Hot path: one more bar of every symbol, then every pair tested for cointegration at lag 1 with
 * p-values corrected for their number.
 *
 * The reference is a good direct loop: one pass over the window of each ordered pair for its
 * residuals and the five sums of the test. It runs on a sample of 1/50 of the pairs; so a ratio
 * of 0.1 to it means that the universe takes 1/500 of the time per pair.
 *
 * @module
 */
import { Random } from "tandem/stats";
import { Universe, type UniverseBar } from "tandem/universe";

const WINDOW = 1_440;
/** The direct loop tests one ordered pair of so many. */
const SAMPLE = 50;

/** Log prices of symbols with a common factor. */
class Market {
  readonly levels: number[];
  readonly #loadings: number[];
  readonly #random = new Random(1);

  constructor(symbols: number) {
    this.levels = Array.from({ length: symbols }, () => 8 * this.#random.uniform());
    this.#loadings = this.levels.map(() => 0.3 + this.#random.uniform());
  }

  next(): UniverseBar[] {
    const factor = 0.002 * this.#random.normal();
    return this.levels.map((_, i) => {
      this.levels[i]! += this.#loadings[i]! * factor + 0.002 * this.#random.normal();
      return { symbol: `SYM${i}USDT`, close: Math.exp(this.levels[i]!), complete: true };
    });
  }
}

/** Engle-Granger's t-ratio at lag 1 in one pass over the window. */
function directRatio(y: Float64Array, x: Float64Array): number {
  const rows = y.length;
  let meanY = 0;
  let meanX = 0;
  for (let t = 0; t < rows; t++) {
    meanY += y[t]!;
    meanX += x[t]!;
  }
  meanY /= rows;
  meanX /= rows;
  let cross = 0;
  let square = 0;
  for (let t = 0; t < rows; t++) {
    const deviation = x[t]! - meanX;
    cross += deviation * (y[t]! - meanY);
    square += deviation * deviation;
  }
  const slope = cross / square;
  let level = 0;
  let levelNow = 0;
  let levelLagged = 0;
  let now = 0;
  let lagged = 0;
  let crossed = 0;
  const first = y[0]! - meanY - slope * (x[0]! - meanX);
  let residual = y[1]! - meanY - slope * (x[1]! - meanX);
  let before = residual - first;
  for (let t = 2; t < rows; t++) {
    const next = y[t]! - meanY - slope * (x[t]! - meanX);
    const change = next - residual;
    level += residual * residual;
    levelNow += residual * change;
    levelLagged += residual * before;
    now += change * change;
    lagged += before * before;
    crossed += change * before;
    residual = next;
    before = change;
  }
  const determinant = level * lagged - levelLagged * levelLagged;
  const g = levelNow * lagged - crossed * levelLagged;
  const f = crossed * level - levelNow * levelLagged;
  return g / Math.sqrt((now * determinant - g * levelNow - f * crossed) * lagged / (rows - 4));
}

for (const symbols of [100, 500]) {
  const group = `all pairs of ${symbols} symbols at lag 1`;
  const unordered = symbols * (symbols - 1) / 2;
  const market = new Market(symbols);
  const series = market.levels.map(() => new Float64Array(WINDOW));
  for (let t = 0; t < WINDOW; t++) {
    market.next().forEach((bar, i) => series[i]![t] = Math.log(bar.close));
  }

  Deno.bench({
    name: `a direct loop over 1/${SAMPLE} of the pairs`,
    group,
    baseline: true,
    fn() {
      let sum = 0;
      for (let k = 0; k < 2 * unordered / SAMPLE; k++) {
        const y = 7 * k % symbols;
        sum += directRatio(series[y]!, series[(y + 1 + 13 * k % (symbols - 1)) % symbols]!);
      }
      if (Number.isNaN(sum)) throw new Error("A pair has no test");
    },
  });

  for (
    const [lag, name] of [
      [1, "Universe: slide, test, correct"],
      [8, "Universe: slide, test, candidates again at lag 8, correct"],
    ] as const
  ) {
    const market = new Market(symbols);
    const universe = new Universe({ intervalMs: 1, windowBars: WINDOW, maxLag: lag });
    let time = 0;
    for (; time < WINDOW; time++) universe.push(time, market.next());
    Deno.bench({
      name,
      group,
      fn(b) {
        const bars = market.next();
        b.start();
        universe.push(time++, bars);
        const { tested } = universe.screen({ rows: "discoveries" });
        b.end();
        if (tested !== unordered) throw new Error("A pair has no test");
      },
    });
  }
}
