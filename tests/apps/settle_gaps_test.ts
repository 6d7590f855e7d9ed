import { deepStrictEqual } from "node:assert/strict";
import { settledGaps } from "../../lib/apps/ingest/settle_gaps.ts";
import { missingRuns, runsOf } from "../../lib/apps/history/revise_gaps.ts";
import { type Gap, sequenceId } from "../../lib/market/mod.ts";

function gap(firstMissingId: number, lastMissingId: number, openedAtMs = 1_000): Gap {
  return {
    ...{ venue: "binance-usdm", symbol: "BTCUSDT", firstMissingId, lastMissingId },
    ...{ openedAtMs, closedAtMs: null, state: "open" },
  };
}

/** Gaps as they are settled where these ids are known, the last of them last. */
function settled(
  gaps: readonly Gap[],
  known: readonly number[],
  lastTimeMs: number | null = 5_000,
) {
  const runs = runsOf(known);
  return settledGaps(gaps, {
    lastId: known.at(-1)!,
    lastTimeMs,
    missingRuns: (fromId, toId) => missingRuns(runs, fromId, toId),
  });
}

const brief = (gaps: readonly Gap[]) =>
  gaps.map((g) => `${g.firstMissingId}-${g.lastMissingId} ${g.state} ${g.closedAtMs}`);

Deno.test("settledGaps() tells what of each gap is stored and what lacks", () => {
  deepStrictEqual(
    brief(settled([gap(2, 9), gap(12, 13), gap(20, 21)], [1, 2, 3, 6, 10, 11, 12, 13, 14, 22])),
    [
      ...["2-3 repaired 5000", "4-5 open null", "6-6 repaired 5000", "7-9 open null"],
      ...["12-13 repaired 5000", "20-21 open null"],
    ],
  );
});

Deno.test("settledGaps() makes one gap of all that was seen after the last known id", () => {
  deepStrictEqual(brief(settled([gap(4, 7), gap(10, 12)], [1, 2, 3, 4, 5])), [
    ...["4-5 repaired 5000", "6-12 open null"],
  ]);
  deepStrictEqual(brief(settled([gap(8, 9)], [5])), ["6-9 open null"]);
  deepStrictEqual(settled([], [5]), []);
});

Deno.test("settledGaps() closes no gap before it was opened", () => {
  deepStrictEqual(brief(settled([gap(2, 2, 9_000)], [1, 2, 3])), ["2-2 repaired 9000"]);
  deepStrictEqual(brief(settled([gap(2, 2, 9_000)], [1, 2, 3], null)), ["2-2 repaired 9000"]);
});

Deno.test("settledGaps() leaves gaps as they are where ids are not counted", () => {
  const [a, b] = [sequenceId(5, 0), sequenceId(9, 0)];
  const gaps = [gap(a + 1, b - 1), gap(b + 1, sequenceId(20, 0))];
  deepStrictEqual(settled(gaps, [a, sequenceId(7, 0), b]), gaps);
});
