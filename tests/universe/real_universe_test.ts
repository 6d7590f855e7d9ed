import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { engleGranger } from "../../lib/stats/mod.ts";
import { type ScreenRow, Universe } from "../../lib/universe/mod.ts";
import { close } from "../support/close.ts";
import { dataTest } from "../support/shared.ts";
import { pushRow, readKlines, readStocks, type Table } from "./real_tables.ts";

/** Fails unless both directions of every row agree with the regression; answers the worst. */
function checkRows(rows: readonly ScreenRow[], table: Table, last: number, window: number): number {
  const logs = new Map(
    table.symbols.map((symbol, i) => [
      symbol,
      table.closes.slice(last + 1 - window, last + 1).map((row) => Math.log(row[i]!)),
    ]),
  );
  let worst = 0;
  for (const { y, x, lag, statistic, reverseStatistic } of rows) {
    for (const [a, b, t] of [[y, x, statistic], [x, y, reverseStatistic]] as const) {
      const options = { lagChoice: "fixed", maxLag: lag! } as const;
      const expected = engleGranger(logs.get(a)!, logs.get(b)!, options).statistic!;
      close(t, expected, 0, 1e-8);
      worst = Math.max(worst, Math.abs(t! - expected));
    }
  }
  return worst;
}

dataTest(
  "Universe.screen() equals engleGranger() on all pairs of 12 captured symbols",
  (folder) => {
    const table = readKlines(`${folder}/binance-usdm-klines-1m-2025`);
    deepStrictEqual([table.symbols.length, table.timesMs.length], [12, 35_834]);
    const windowBars = 1_440;
    const universe = new Universe({ intervalMs: 60_000, windowBars });
    const ends = [1_439, 5_000, 12_345, 20_000, 30_000, 35_833];
    let worst = 0;
    table.timesMs.forEach((timeMs, row) => {
      pushRow(universe, table, row, timeMs);
      if (!ends.includes(row)) return;
      for (const lag of [1, 8]) {
        const { tested, rows } = universe.screen({ lag, retest: "every", rows: "all" });
        deepStrictEqual([tested, rows.length], [66, 66]);
        worst = Math.max(worst, checkRows(rows, table, row, windowBars));
      }
    });
    ok(worst < 1e-8);
  },
);

dataTest("Universe.screen() equals engleGranger() on all pairs of 100 stocks", (folder) => {
  const table = readStocks(folder);
  const days = table.timesMs.length;
  const universe = new Universe({ intervalMs: 1, windowBars: days });
  table.timesMs.forEach((timeMs, row) => pushRow(universe, table, row, timeMs));
  const one = universe.screen({ lag: 1, retest: "every", rows: "all" });
  const many = universe.screen();
  deepStrictEqual([one.tested, one.rows.length], [4_950, 4_950]);
  strictEqual(many.rows.length, many.candidates);
  ok(many.candidates > 100);
  checkRows(one.rows, table, days - 1, days);
  checkRows(many.rows, table, days - 1, days);
});
