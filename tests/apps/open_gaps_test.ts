import { deepStrictEqual } from "node:assert/strict";
import { OpenGaps } from "../../lib/apps/ingest/open_gaps.ts";
import type { Gap, GapState } from "../../lib/market/mod.ts";

function gap(firstMissingId: number, lastMissingId: number, state: GapState = "open"): Gap {
  return {
    venue: "binance-usdm",
    symbol: "BTCUSDT",
    firstMissingId,
    lastMissingId,
    openedAtMs: 1_000,
    closedAtMs: state === "open" ? null : 2_000,
    state,
  };
}

const brief = (gaps: readonly Gap[]) =>
  gaps.map((g) => `${g.firstMissingId}-${g.lastMissingId} ${g.state}`);

Deno.test("OpenGaps.passed() repairs once what was delivered without a word", () => {
  const gaps = new OpenGaps();
  gaps.restore("BTCUSDT", [gap(11, 13), gap(20, 20)]);
  deepStrictEqual(gaps.passed("BTCUSDT", 13, 3_000), []);
  deepStrictEqual(gaps.passed("ETHUSDT", 99, 3_000), []);
  deepStrictEqual(gaps.passed("BTCUSDT", 14, 3_000), [
    { ...gap(11, 13), state: "repaired", closedAtMs: 3_000 },
  ]);
  deepStrictEqual(brief(gaps.passed("BTCUSDT", 30, 4_000)), ["20-20 repaired"]);
  deepStrictEqual(gaps.passed("BTCUSDT", 31, 4_000), []);
});

Deno.test("OpenGaps.told() cuts an older gap where a new one begins and forgets those within", () => {
  const gaps = new OpenGaps();
  gaps.restore("BTCUSDT", [gap(11, 13), gap(20, 22)]);
  deepStrictEqual(brief(gaps.told(gap(12, 49))), ["11-11 repaired", "12-49 open"]);
  deepStrictEqual(brief(gaps.told(gap(12, 49, "lost"))), ["12-49 lost"]);
  deepStrictEqual(gaps.passed("BTCUSDT", 100, 3_000), []);
});

Deno.test("OpenGaps.told() leaves the gaps of one feed beside each other", () => {
  const gaps = new OpenGaps();
  deepStrictEqual(brief(gaps.told(gap(11, 13))), ["11-13 open"]);
  deepStrictEqual(brief(gaps.told(gap(20, 22))), ["20-22 open"]);
  deepStrictEqual(brief(gaps.told(gap(11, 13, "repaired"))), ["11-13 repaired"]);
  deepStrictEqual(brief(gaps.passed("BTCUSDT", 23, 3_000)), ["20-22 repaired"]);
});
