import { doesNotMatch, match } from "node:assert/strict";
import type { IngestStatus } from "../../lib/apps/control/status.ts";
import { noTotals } from "../../lib/apps/ingest/pipeline_totals.ts";
import { describeStatus } from "../../lib/apps/status/describe_status.ts";

/** Of an ingest that knows nothing of marks and quotes, as one of an older version. */
const OLDER: IngestStatus = {
  ...{ role: "ingest", pid: 1, startedAtMs: 5_000, nowMs: 6_000, simulated: false },
  ...{ rssBytes: 1e8, heapBytes: 1e7, cpuMs: 250, loopDelay: { p50Ms: 1, p99Ms: 4, maxMs: 9 } },
  ...{ wsUrl: "ws://x", restUrl: "http://x", streamKind: "aggTrade", clock: null },
  ...{ streams: { BTCUSDT: "live" }, connections: [], latency: null, streamLatency: {} },
  ...{ ...noTotals(), tradesPerSecond: 5, watermarkMs: 4_000, lagMs: 500, storage: null },
};

Deno.test("describeStatus() tells what is recorded beside the trades, as far as it is told of", () => {
  const marks = { symbols: 2, stored: 40, dropped: 1, newestMs: 4_500, silent: ["ETHUSDT"] };
  const told = (recorded?: IngestStatus["recorded"]) =>
    describeStatus(recorded === undefined ? OLDER : { ...OLDER, recorded }, "a.db");
  match(
    told({ marks, quotes: null }),
    /^ {2}marks {7}40 stored of 2 symbols; the newest 1\.5 s old; 1 LOST; 1 SILENT: ETHUSDT$/m,
  );
  for (const without of [told({ marks: null, quotes: null }), told({}), told()]) {
    match(without, /^ {2}trades .*\n {2}quality .*\n {2}process /m);
    doesNotMatch(without, /marks|quotes/);
  }
});
