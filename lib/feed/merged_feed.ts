import { venueOf } from "../market/mod.ts";
import type { Feed, FeedEvent, FeedHealth, StreamState } from "./feed.ts";

/**
 * Returns one feed of several venues: each symbol is followed at its own, and the events of each
 * venue keep their order.
 *
 * It has venue, kind, clock and latency of the first one, which is the one whose clock is told of.
 *
 * @example Two venues
 * ```ts
 * import { binanceFeed, mergedFeed, okxFeed } from "tandem/feed";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const signal = AbortSignal.abort();
 * const feed = mergedFeed([
 *   binanceFeed({ symbols: ["BTCUSDT"], signal }),
 *   okxFeed({ symbols: [], instruments: new Map(), signal }),
 * ]);
 * feed.add(["okx:BTC-USDT-SWAP"]);
 * deepStrictEqual([...feed.streams().keys()], ["BTCUSDT", "okx:BTC-USDT-SWAP"]);
 * deepStrictEqual(await Array.fromAsync(feed), []);
 * ```
 *
 * @param feeds One of each venue; may not have been iterated.
 * @returns The feed; it can be iterated once, and ends when all have ended or one fails.
 */
export function mergedFeed(feeds: readonly [Feed, ...Feed[]]): Feed {
  const [first] = feeds;
  const each = (symbols: readonly string[], work: (feed: Feed, own: string[]) => void) => {
    for (const feed of feeds) {
      const own = symbols.filter((symbol) => venueOf(symbol)?.code === feed.venue);
      if (own.length > 0) work(feed, own);
    }
  };
  return {
    venue: first.venue,
    streamKind: first.streamKind,
    add: (symbols) => each(symbols, (feed, own) => feed.add(own)),
    remove: (symbols) => each(symbols, (feed, own) => feed.remove(own)),
    streams: () => new Map(feeds.flatMap((feed): [string, StreamState][] => [...feed.streams()])),
    async catchUp(symbols) {
      const working: Promise<void>[] = [];
      each(symbols, (feed, own) => working.push(feed.catchUp(own)));
      await Promise.all(working);
    },
    health: () => mergedHealth(feeds.map((feed) => feed.health())),
    [Symbol.asyncIterator]: () => merged(feeds),
  };
}

function mergedHealth(each: readonly FeedHealth[]): FeedHealth {
  const { clock, latency } = each[0]!;
  return {
    clock,
    latency,
    connections: each.flatMap((health) => health.connections),
    streams: new Map(each.flatMap((health) => [...health.streams])),
  };
}

/**
 * Takes batches from whoever has one. A promise that a quiet venue leaves pending for hours is waited
 * for once: what is hung on it with every batch of another would not be freed before.
 */
async function* merged(feeds: readonly Feed[]): AsyncGenerator<readonly FeedEvent[]> {
  const iterators = feeds.map((feed) => feed[Symbol.asyncIterator]());
  const come: { readonly k: number; readonly batch: IteratorResult<readonly FeedEvent[]> }[] = [];
  let failure: { readonly error: unknown } | null = null;
  let wake = () => {};
  const ask = (k: number) =>
    void iterators[k]!.next().then(
      (batch) => come.push({ k, batch }),
      (error) => failure = { error },
    ).then(() => wake());
  try {
    iterators.forEach((_, k) => ask(k));
    for (let open = feeds.length; open > 0;) {
      while (come.length === 0 && failure === null) {
        await new Promise<void>((resolve) => wake = resolve);
      }
      if (failure !== null) throw (failure as { readonly error: unknown }).error;
      for (const { k, batch } of come.splice(0)) {
        if (batch.done === true) {
          open--;
          continue;
        }
        ask(k);
        // One clock is told of, or the difference would be that of now this venue, now that.
        const events = k === 0 ? batch.value : batch.value.filter((e) => e.kind !== "clock");
        if (events.length > 0) yield events;
      }
    }
  } finally {
    await Promise.all(iterators.map((iterator) => iterator.return?.()));
  }
}
