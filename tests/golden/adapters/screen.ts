import { mackinnonP } from "../../../lib/stats/mod.ts";
import { type ScreenRow, Universe } from "../../../lib/universe/mod.ts";
import { type Adapter, unknownCase } from "./adapter.ts";

/** A universe that has seen the window, and the bars it has slid over before it. */
function universeOf(
  series: readonly (readonly number[])[],
  end: number,
  window: number,
  lag: number,
) {
  const universe = new Universe({ intervalMs: 1, windowBars: window, maxLag: Math.max(1, lag) });
  for (let t = 0; t < end; t++) {
    const bars = series.map((log, i) => ({
      symbol: `S${i}`,
      close: Math.exp(log[t]!),
      complete: true,
    }));
    universe.push(t, bars);
  }
  return universe;
}

export const screen: Adapter = {
  run(golden) {
    const rolled = golden.kind === "universe rolled";
    if (!rolled && golden.kind !== "universe") throw unknownCase(golden);
    const series = golden.input("X") as number[][];
    const lag = golden.number("p");
    const window = golden.number("window");
    const start = golden.number("start");
    if (rolled && golden.number("slides") !== start) throw unknownCase(golden);
    const universe = universeOf(series, start + window, window, lag);
    const names = series.map((_, i) => `S${i}`);
    const pairs = names.map((y) => names.map((x) => y === x ? null : universe.pair(y, x, { lag })));
    const matrix = (read: (row: ScreenRow) => number | null, diagonal: number | null = null) =>
      pairs.map((row) => row.map((pair) => pair === null ? diagonal : read(pair)));
    const { rows } = universe.screen({ lag, retest: "every", rows: "all" });
    const unordered = names.flatMap((a, i) =>
      names.slice(i + 1).map((b) =>
        rows.find(({ y, x }) => y === a && x === b || y === b && x === a)!
      )
    );
    return {
      t: matrix((pair) => pair.statistic),
      pvalue: matrix((pair) => mackinnonP(pair.statistic!, "c", 2)),
      beta: matrix((pair) => pair.hedgeRatio),
      r2: matrix((pair) => pair.rSquared),
      ret_corr: matrix((pair) => pair.returnCorrelation, 1),
      unordered_p: unordered.map((row) => row.pValue),
      unordered_bh: unordered.map((row) => row.benjaminiHochberg),
    };
  },
};
