import { sleep } from "../../streams/mod.ts";
import type { ExchangeClock } from "./exchange_clock.ts";
import type { Inbox } from "./inbox.ts";
import type { TimeTeller } from "./adapter.ts";
import { RestError } from "../rest_error.ts";
import type { Shard } from "../sockets/shard.ts";

/** What the exchange's clock is asked for. */
export interface ClockOptions {
  readonly rest: TimeTeller;
  readonly clock: ExchangeClock;
  /** The shards, as they are now. */
  readonly shards: Iterable<Shard>;
  readonly inbox: Inbox;
  readonly signal: AbortSignal;
}

/** A shard without frames for so long needs REST to tell the time, ms. */
const SILENT_MS = 1_000;
/** How often the clocks are compared, ms. */
const COMPARE_MS = 300_000;
/** How long REST is left alone when it cannot tell the time, ms. */
const RETRY_MS = 5_000;

/**
 * Asks REST for the time: where no frame tells it, so that quiet bars close, and now and then to
 * compare the clocks. Never fails but with the signal's reason.
 */
export async function followClock(options: ClockOptions): Promise<void> {
  const { rest, clock, shards, inbox, signal } = options;
  let compareFromMs = 0;
  while (true) {
    const nowMs = Date.now();
    let pauseMs = SILENT_MS;
    try {
      if (nowMs >= compareFromMs) {
        await clock.compare(signal);
        compareFromMs = nowMs + COMPARE_MS;
      }
      const silent = [...shards].filter(({ lastSignMs }) =>
        lastSignMs !== null && nowMs - lastSignMs >= SILENT_MS
      );
      if (silent.length > 0) {
        const timeMs = await rest.time(signal);
        inbox.post(() => {
          for (const shard of silent) shard.watermark.see(timeMs);
        });
      }
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      pauseMs = RETRY_MS;
    }
    await sleep(pauseMs, signal);
  }
}
