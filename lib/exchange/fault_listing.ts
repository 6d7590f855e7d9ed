import { pick } from "./fault_frame.ts";
import type { FaultPlan } from "./fault_plan.ts";
import type { FaultMarket } from "./faults.ts";
import type { FaultLog } from "./fault_log.ts";

/** What a symbol may become when its trading ends; the last one nobody knows. */
const ENDED = ["SETTLING", "CLOSE", "LATER_INVENTION"];

/** What listings and delistings need to know. */
export interface ListingFaults {
  readonly plan: FaultPlan;
  readonly log: FaultLog;
  readonly draw: () => number;
  readonly isActive: () => boolean;
}

/** Lists and delists symbols now and then; answers with what ends it. */
export function changeListings(market: FaultMarket, of: ListingFaults): () => void {
  const { plan: { listingMs, delistingMs }, log, draw, isActive } = of;
  let listed = 0;
  const timers = [
    every(listingMs, () => {
      // Names are not all of Latin letters.
      const name = ++listed % 2 === 0 ? `新币${listed}USDT` : `LATE${listed}USDT`;
      market.list(name);
      log.count("listing");
    }),
    every(delistingMs, () => {
      const [, ...others] = market.symbols;
      if (others.length === 0) return;
      market.delist(pick(others, draw), pick(ENDED, draw));
      log.count("delisting");
    }),
  ];
  return () => timers.forEach(clearInterval);

  function every(
    ms: number | undefined,
    change: () => void,
  ): ReturnType<typeof setInterval> | undefined {
    return ms === undefined ? undefined : setInterval(() => isActive() && change(), ms);
  }
}
