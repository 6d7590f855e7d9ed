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
import { Universe } from "tandem/universe";
import { directRatio } from "./support/direct_ratio.ts";
import { FactorMarket } from "./support/factor_market.ts";

const WINDOW = 1_440;
/** The direct loop tests one ordered pair of so many. */
const SAMPLE = 50;

for (const symbols of [100, 300, 500]) {
  const group = `all pairs of ${symbols} symbols at lag 1`;
  const unordered = symbols * (symbols - 1) / 2;
  const market = new FactorMarket(symbols);
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
    const market = new FactorMarket(symbols);
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
