import { binanceFeed, type BinanceFeedOptions, type Feed } from "../../../lib/feed/mod.ts";
import { Recorder } from "./recorder.ts";
import { Venue } from "./venue.ts";

/** Runs a test with a feed of BTCUSDT, subscribed, that holds nothing back for order and waits no longer than it must. */
export async function withOneSymbol(
  options: Partial<BinanceFeedOptions>,
  prepare: (venue: Venue) => void,
  body: (venue: Venue, recorder: Recorder, feed: Feed) => Promise<void>,
): Promise<void> {
  await using venue = new Venue();
  const controller = new AbortController();
  const { wsUrl, restUrl } = venue;
  const { signal } = controller;
  const shared = { symbols: ["BTCUSDT"], wsUrl, restUrl, signal, reorderMs: 0, random: () => 0 };
  prepare(venue);
  const feed = binanceFeed({ ...shared, ...options });
  const recorder = new Recorder(feed);
  try {
    await recorder.until("the subscription", () => venue.names.has("btcusdt@aggTrade"));
    await body(venue, recorder, feed);
  } finally {
    controller.abort();
    await recorder.ended;
  }
}

/** The whole numbers from one to another. */
export function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
