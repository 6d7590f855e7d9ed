import type { FeedHealth, StreamHealth } from "../feed.ts";
import { LatencyHistogram } from "../latency_histogram.ts";
import type { ExchangeClock } from "./exchange_clock.ts";
import type { Follow } from "./follow.ts";
import type { Shard } from "../sockets/shard.ts";

/** Returns how the parts of a feed are. */
export function feedHealth(parts: {
  readonly clock: ExchangeClock;
  readonly shards: Iterable<Shard>;
  readonly follows: Iterable<Follow>;
}): FeedHealth {
  const all = new LatencyHistogram();
  const streams = new Map<string, StreamHealth>();
  for (const { symbol, state, chain, lastFrameMs, latency } of parts.follows) {
    const own = new LatencyHistogram();
    latency.addTo(own);
    all.add(own);
    const { isWhole } = chain;
    streams.set(symbol, { state, isWhole, lastFrameMs, latency: own.summary() });
  }
  const { last, skewMs } = parts.clock;
  return {
    clock: last,
    connections: [...parts.shards].flatMap(({ connections, symbols }) =>
      connections.map(({ openedMs, lastDataMs, lag }) => ({
        symbols: symbols.size,
        openedMs,
        lastDataMs,
        lagMs: skewMs === null ? null : lag.lagMs,
      }))
    ),
    latency: all.summary(),
    streams,
  };
}
