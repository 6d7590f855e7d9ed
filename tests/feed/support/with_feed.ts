import { binanceFeed, type BinanceFeedOptions, type Feed } from "../../../lib/feed/mod.ts";
import { Recorder } from "./recorder.ts";
import { Venue } from "./venue.ts";

/** A feed, the exchange it is connected to, and what it has delivered. */
export interface FeedUnderTest {
  readonly venue: Venue;
  readonly recorder: Recorder;
  readonly feed: Feed;
  readonly stop: () => Promise<void>;
}

/** Runs a feed against an exchange that the test drives, and ends both. */
export async function withFeed(
  options: Partial<BinanceFeedOptions>,
  body: (it: FeedUnderTest) => Promise<void>,
): Promise<void> {
  await using venue = new Venue();
  const controller = new AbortController();
  let frames = 0;
  const feed = binanceFeed({
    symbols: ["BTCUSDT"],
    wsUrl: venue.wsUrl,
    restUrl: venue.restUrl,
    reorderMs: 20,
    connectSpacingMs: 0,
    random: () => 0.1,
    onFrame: (text) => void (frames += text.includes("aggTrade") ? 1 : 0),
    ...options,
    signal: controller.signal,
  });
  const recorder = new Recorder(feed, () => frames);
  const stop = async () => {
    controller.abort();
    await recorder.ended;
  };
  try {
    await body({ venue, recorder, feed, stop });
  } finally {
    await stop();
  }
}

/** Whether some socket has subscribed to a stream. */
export const subscribed = (venue: Venue, name = "btcusdt@aggTrade") => () => venue.names.has(name);
