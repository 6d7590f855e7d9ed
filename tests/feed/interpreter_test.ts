import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Follow, Lane, Wire } from "../../lib/feed/venue/follow.ts";
import { Interpreter } from "../../lib/feed/venue/interpreter.ts";
import { LagWatch } from "../../lib/feed/sockets/lag_watch.ts";
import { parseFrame, Sequencer, Watermark } from "../../lib/feed/mod.ts";
import type { FeedEvent } from "../../lib/market/mod.ts";

const FRESH = { lastId: null, openGaps: [], recent: [] };

/** An interpreter with one connection that carries two symbols, and a way to send it frames. */
function setUp(streamKind: "aggTrade" | "trade" = "aggTrade", holdCapacity = 100, holdMs = 10_000) {
  const lane: Lane = { symbols: new Set(["A", "B"]), watermark: new Watermark(0) };
  const wire: Wire = { lane, lag: new LagWatch(5_000), handover: null };
  const missing: string[] = [];
  const interpreter = new Interpreter({
    venue: "binance-usdm",
    streamKind,
    parse: (text, receivedMs) => parseFrame(text, streamKind, receivedMs),
    chain: (symbol, { lastId, openGaps }, budget) =>
      new Sequencer(symbol, lastId, budget, openGaps),
    repairs: streamKind === "aggTrade",
    holdCapacity,
    holdMs,
    reorderMs: 250,
    silentMs: 30_000,
    clock: { skewMs: null },
    onShutdown() {},
    onMissing: (follow: Follow) => void missing.push(follow.symbol),
  });
  const out: FeedEvent[] = [];
  const idField = streamKind === "trade" ? "t" : "a";
  const frame = (s: string, id: number, E: number, receivedMs = E) => {
    const data = { e: streamKind, E, [idField]: id, s, p: "1", q: "1", T: E, m: true, X: "MARKET" };
    interpreter.frame({ wire, text: JSON.stringify({ stream: "", data }), receivedMs }, out);
  };
  /** The watermarks told since the last call, each as its symbols and time. */
  const watermarks = () => {
    interpreter.settle(out);
    const told = out.flatMap((e) => e.kind === "watermark" ? [[...e.symbols, e.timeMs]] : []);
    out.length = 0;
    return told;
  };
  return { interpreter, lane, out, frame, missing, watermarks };
}

Deno.test("Interpreter waits with bars after a reconnect until a stream has shown what it missed", () => {
  const { interpreter, lane, frame, watermarks } = setUp();
  for (const symbol of lane.symbols) interpreter.follow(symbol, lane, FRESH);
  frame("A", 1, 1_000);
  frame("B", 1, 1_000);
  deepStrictEqual(watermarks(), [["A", "B", 1_000]]);
  interpreter.follows.opened(lane);
  frame("A", 2, 2_000);
  deepStrictEqual(watermarks(), [["A", 2_000]]);
  interpreter.follows.subscribed(lane.symbols, 2_100);
  frame("A", 3, 3_000);
  deepStrictEqual(watermarks(), [["A", 3_000]]);
  frame("A", 4, 7_100);
  deepStrictEqual(watermarks(), [["A", "B", 7_100]]);
});

Deno.test("Interpreter closes bars of a symbol that starts afresh at once", () => {
  const { interpreter, lane, frame, watermarks } = setUp();
  interpreter.follow("A", lane, FRESH);
  interpreter.follow("B", lane, { lastId: 7, openGaps: [], recent: [] });
  frame("A", 1, 1_000);
  deepStrictEqual(watermarks(), [["A", 1_000]]);
});

Deno.test("Interpreter asks once for missing aggregates and leaves their symbol's bars open", () => {
  const { interpreter, lane, frame, missing, watermarks } = setUp();
  for (const symbol of lane.symbols) interpreter.follow(symbol, lane, FRESH);
  for (const [id, timeMs] of [[1, 1_000], [3, 1_100], [6, 1_200]]) frame("A", id!, timeMs!);
  frame("B", 1, 1_200);
  deepStrictEqual(missing, ["A"]);
  deepStrictEqual(watermarks(), [["B", 1_200]]);
  for (const id of [2, 4, 5, 6]) frame("A", id, 1_300);
  deepStrictEqual(watermarks(), [["A", "B", 1_300]]);
  frame("A", 8, 1_400);
  deepStrictEqual(missing, ["A", "A"]);
});

Deno.test("Interpreter gives single trades up by the time of receipt, and at the end", () => {
  const { interpreter, lane, frame, out } = setUp("trade");
  interpreter.follow("A", lane, FRESH);
  const gaps = () => out.flatMap((e) => e.kind === "gap" ? e.gap.state : []);
  frame("A", 1, 1_000);
  frame("A", 3, 1_000);
  frame("A", 4, 1_000, 1_249);
  interpreter.settle(out);
  deepStrictEqual(gaps(), ["open"]);
  frame("A", 5, 1_000, 1_250);
  interpreter.settle(out);
  deepStrictEqual(gaps(), ["open", "lost"]);
  frame("A", 7, 1_300);
  interpreter.finish(out);
  deepStrictEqual(gaps(), ["open", "lost", "open", "lost"]);
  strictEqual(out.filter((e) => e.kind === "trade").length, 5);
});

Deno.test("Interpreter.dismiss() forgets what it held and is not surprised by last frames", () => {
  const { interpreter, lane, frame, out, watermarks } = setUp("aggTrade", 1);
  interpreter.follow("A", lane, FRESH);
  frame("A", 1, 1_000);
  frame("A", 3, 1_100);
  watermarks();
  interpreter.dismiss("A");
  interpreter.dismiss("B");
  frame("A", 4, 1_200);
  interpreter.settle(out);
  strictEqual(out.length, 0);
  interpreter.follow("A", lane, { lastId: 1, openGaps: [], recent: [] });
  frame("A", 3, 1_300);
  frame("A", 2, 1_400);
  deepStrictEqual(out.map((e) => e.kind), ["gap", "trade", "gap", "trade"]);
});

Deno.test("Interpreter closes bars of a symbol again that has gone past its gap", () => {
  const { interpreter, lane, frame, missing, out, watermarks } = setUp("aggTrade", 100, 1_000);
  interpreter.follow("A", lane, FRESH);
  frame("A", 1, 1_000);
  watermarks();
  frame("A", 3, 1_500);
  deepStrictEqual(watermarks(), []);
  // Another symbol's frame tells that time is over.
  interpreter.follow("B", lane, FRESH);
  frame("B", 1, 2_500);
  interpreter.settle(out);
  deepStrictEqual(out.flatMap((e) => e.kind === "trade" ? e.trade.tradeId : []), [1, 3]);
  frame("A", 4, 2_700);
  deepStrictEqual(watermarks().at(-1), ["A", "B", 2_700]);
  deepStrictEqual(missing, ["A"]);
});
