import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { type Feed, mergedFeed } from "../../lib/feed/mod.ts";
import type { FeedEvent } from "../../lib/market/mod.ts";

/** A feed that gives what it is told to give. */
function feedOf(venue: string, batches: () => AsyncIterator<readonly FeedEvent[]>): Feed {
  return {
    venue,
    streamKind: "trade",
    add() {},
    remove() {},
    streams: () => new Map(),
    catchUp: () => Promise.resolve(),
    health: () => ({ clock: null, connections: [], latency: null, streams: new Map() }),
    [Symbol.asyncIterator]: batches,
  };
}

const duplicate = (symbol: string, tradeId: number): FeedEvent => ({
  kind: "duplicate",
  venue: "x",
  symbol,
  tradeId,
});
const clock = (skewMs: number): FeedEvent => ({ kind: "clock", skewMs, roundTripMs: 1 });

Deno.test("mergedFeed() keeps the order of each feed, and one clock", async () => {
  async function* count(symbol: string, skewMs: number) {
    for (let k = 0; k < 50; k++) {
      if (k % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      yield [duplicate(symbol, k), clock(skewMs)];
    }
  }
  const feed = mergedFeed([
    feedOf("binance-usdm", () => count("A", 1)),
    feedOf("okx-swap", () => count("B", 2)),
  ]);
  const events = (await Array.fromAsync(feed)).flat();
  for (const symbol of ["A", "B"]) {
    deepStrictEqual(
      events.flatMap((e) => e.kind === "duplicate" && e.symbol === symbol ? e.tradeId : []),
      Array.from({ length: 50 }, (_, k) => k),
    );
  }
  deepStrictEqual(new Set(events.flatMap((e) => e.kind === "clock" ? e.skewMs : [])), new Set([1]));
});

Deno.test("mergedFeed() ends its feeds when one fails, and when its reader leaves", async () => {
  for (const fails of [true, false]) {
    let ended = false;
    const iterator = quiet();
    const patient: AsyncIterator<readonly FeedEvent[]> = {
      next: () => iterator.next(),
      return: () => {
        ended = true;
        return Promise.resolve({ done: true, value: undefined });
      },
    };
    const feed = mergedFeed([
      feedOf("binance-usdm", () => patient),
      feedOf("okx-swap", () => other(fails)),
    ]);
    const read = async () => {
      for await (const events of feed) {
        if (events.some((e) => e.kind === "duplicate" && e.tradeId === 2)) break;
      }
    };
    if (fails) await rejects(read(), /gone/);
    else await read();
    strictEqual(ended, true);
  }
});

async function* quiet(): AsyncGenerator<readonly FeedEvent[]> {
  yield [duplicate("A", 1)];
  await new Promise(() => {});
}

async function* other(fails: boolean): AsyncGenerator<readonly FeedEvent[]> {
  yield [duplicate("B", 1)];
  await new Promise((resolve) => setTimeout(resolve, 5));
  if (fails) throw new TypeError("gone");
  yield [duplicate("B", 2)];
}
