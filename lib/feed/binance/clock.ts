import { sleep } from "../../streams/mod.ts";
import type { Inbox } from "./inbox.ts";
import type { BinanceRest } from "./rest.ts";
import { RestError } from "./rest_error.ts";
import type { Shard } from "./shard.ts";

/** What the exchange's clock is asked for. */
export interface ClockOptions {
  readonly rest: BinanceRest;
  /** The connections, as they are now. */
  readonly shards: () => readonly Shard[];
  readonly inbox: Inbox;
  readonly signal: AbortSignal;
}

/** A connection without frames for so long needs REST to tell the time, ms. */
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
  const { rest, inbox, signal } = options;
  let compareFromMs = 0;
  while (true) {
    const sentMs = Date.now();
    const silent = options.shards().filter(({ lastSignMs }) =>
      lastSignMs !== null && sentMs - lastSignMs >= SILENT_MS
    );
    const isDue = sentMs >= compareFromMs;
    let pauseMs = SILENT_MS;
    if (silent.length > 0 || isDue) {
      try {
        const timeMs = await rest.time(signal);
        const roundTripMs = Date.now() - sentMs;
        if (isDue) compareFromMs = sentMs + COMPARE_MS;
        inbox.post((out) => {
          for (const shard of silent) shard.watermark.see(timeMs);
          if (!isDue) return;
          out.push({ kind: "clock", skewMs: sentMs + roundTripMs / 2 - timeMs, roundTripMs });
        });
      } catch (error) {
        if (!(error instanceof RestError)) throw error;
        pauseMs = RETRY_MS;
      }
    }
    await sleep(pauseMs, signal);
  }
}
