import { sleep } from "../../streams/mod.ts";
import type { ExchangeClock } from "../venue/exchange_clock.ts";
import { RestError } from "../rest_error.ts";
import type { Shard } from "./shard.ts";

/** What is watched for lag. */
export interface LagWatchdogOptions {
  readonly clock: ExchangeClock;
  /** The shards, as they are now. */
  readonly shards: Iterable<Shard>;
  /** How far a connection may lag, ms. */
  readonly lagMs: number;
  readonly signal: AbortSignal;
}

/** How often is looked, in parts of `lagMs`. */
const LOOKS = 5;

/** A comparison of the clocks is trusted for so long, in `lagMs`. */
const FRESH_LAGS = 2;

/** After a connection was ended REST needs time to bring what it cost, in `lagMs`. */
const PATIENCE_LAGS = 12;

/**
 * Ends connections whose frames come later and later: what waits in them is dropped and comes over
 * REST, by id, while the next connection starts at the present. Before a connection is blamed the
 * clocks are compared anew. Never fails but with the signal's reason.
 */
export async function endLagging(options: LagWatchdogOptions): Promise<void> {
  const { clock, shards, lagMs, signal } = options;
  while (true) {
    await sleep(lagMs / LOOKS, signal);
    const { last } = clock;
    if (last === null) continue;
    const nowMs = Date.now();
    const lagging = [...shards].flatMap(({ connections }) =>
      connections.filter(({ lag }) => lag.isLagging(nowMs, last.skewMs))
    );
    if (lagging.length === 0) continue;
    if (Math.abs(nowMs - last.comparedAtMs) > FRESH_LAGS * lagMs) {
      await clock.compare(signal).catch((error) => {
        if (!(error instanceof RestError)) throw error;
      });
      continue;
    }
    for (const connection of lagging) {
      const seconds = (connection.lag.lagMs! / 1_000).toFixed(1);
      connection.end(
        `A connection lags ${seconds} s behind the exchange; what waits in it is dropped and repaired`,
      );
    }
    await sleep(PATIENCE_LAGS * lagMs, signal);
  }
}
