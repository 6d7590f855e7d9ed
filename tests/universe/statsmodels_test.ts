import { deepStrictEqual } from "node:assert/strict";
import { Universe } from "../../lib/universe/mod.ts";
import { hasStatsmodels, statsmodelsCoint } from "../../tools/support/statsmodels.ts";
import { close } from "../support/close.ts";
import { dataTest } from "../support/shared.ts";
import { pushRow, readKlines, readStocks, type Table } from "./real_tables.ts";

const isThere = await hasStatsmodels();
if (!isThere) {
  // deno-lint-ignore no-console -- a skipped test says why
  console.log('skipped: tests beside statsmodels need Debian\'s package "python3-statsmodels"');
}

/** Fails unless every `step`-th ordered pair of the newest window agrees to 1e-6. */
async function checkPairs(table: Table, windowBars: number, lag: number, step: number) {
  const intervalMs = table.timesMs[1]! - table.timesMs[0]!;
  const universe = new Universe({ intervalMs, windowBars });
  table.timesMs.forEach((timeMs, row) => pushRow(universe, table, row, timeMs));
  const window = table.closes.slice(-windowBars);
  const series = table.symbols.map((_, i) => window.map((row) => Math.log(row[i]!)));
  const ordered = series.flatMap((_, y) => series.flatMap((_, x) => x === y ? [] : [[y, x]]));
  const pairs = ordered.filter((_, k) => k % step === 0) as [number, number][];
  const { statistics } = await statsmodelsCoint(series, pairs, lag);
  const own = universe.pairs(
    pairs.map(([y, x]) => [table.symbols[y]!, table.symbols[x]!]),
    { lag },
  );
  deepStrictEqual(own.length, statistics.length);
  own.forEach(({ statistic }, k) => close(statistic, statistics[k]!, 0, 1e-6));
}

if (isThere) {
  dataTest(
    "Universe.pairs() equals statsmodels on all pairs of 12 captured symbols",
    async (folder) => {
      const table = readKlines(`${folder}/binance-usdm-klines-1m-2025`);
      for (const lag of [1, 8]) await checkPairs(table, 1_440, lag, 1);
    },
  );

  // TANDEM_EVERY_PAIR=1 compares all 9,900.
  const step = Deno.env.get("TANDEM_EVERY_PAIR") === "1" ? 1 : 23;
  dataTest("Universe.pairs() equals statsmodels on pairs of 100 stocks", async (folder) => {
    const table = readStocks(folder);
    for (const lag of [1, 8]) await checkPairs(table, table.timesMs.length, lag, step);
  });
}
