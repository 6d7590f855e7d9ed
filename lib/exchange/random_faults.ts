import { Random } from "../stats/mod.ts";
import { type FaultKind, type FaultPlan, parseFaultPlan } from "./fault_plan.ts";
import { type FaultSource, RandomLine } from "./fault_line.ts";
import { changeListings } from "./fault_listing.ts";
import { FaultLog } from "./fault_log.ts";
import { faultyAnswer } from "./fault_rest.ts";
import type { ExchangeFaults } from "./faults.ts";

/** How to make random faults. */
export interface RandomFaultsOptions {
  /** The same seed draws the same numbers; what they hit depends on the time it takes. */
  readonly seed: string | number;
  /** Which faults happen how often, as a value or as it is written on a command line. */
  readonly plan: FaultPlan | string;
}

/** Random faults that can be paused, and tell what they did. */
export interface RandomFaults extends ExchangeFaults {
  /** What happened so far. */
  readonly log: FaultLog;
  /**
   * Whether faults happen. Those under way, a stall or a dead connection, go on; only the clock is set
   * right at once.
   */
  isActive: boolean;
}

/**
 * Makes faults that happen at random to what a simulated exchange sends, and are counted.
 *
 * What they cost is known: ids that were skipped can be had over REST; those of `log.vanished()`
 * cannot be had at all; every text of `log.corrupt` is no trade; nothing else is ever wrong.
 *
 * @example Frames that come twice
 * ```ts
 * import { randomFaults, startExchange } from "tandem/exchange";
 * import { deepStrictEqual, strictEqual } from "node:assert/strict";
 *
 * const faults = randomFaults({ seed: 7, plan: "duplicate=1" });
 * const source = { seed: 7, symbols: 1, ratePerSecond: 1_000 };
 * await using exchange = await startExchange({ source, faults });
 * const socket = new WebSocket(`${exchange.wsUrl}/market/ws/btcusdt@aggTrade`);
 * const ids: number[] = [];
 * await new Promise<void>((resolve) =>
 *   socket.onmessage = ({ data }) => ids.push(JSON.parse(data).a) > 100 && resolve()
 * );
 * socket.close();
 * strictEqual(ids.length - new Set(ids).size > 10, true);
 * deepStrictEqual([...faults.log.counts.keys()], ["duplicate"]);
 * ```
 *
 * @param options The seed and the plan.
 * @returns The faults, to be passed to `startExchange()`.
 * @throws {RangeError} If the plan is a text that makes no sense.
 */
export function randomFaults({ seed, plan: given }: RandomFaultsOptions): RandomFaults {
  const plan = typeof given === "string" ? parseFaultPlan(given) : given;
  const random = new Random(seed);
  const draw = () => random.uniform();
  const log = new FaultLog();
  const clock = { offsetMs: 0 };
  let isActive = true;
  const faults: RandomFaults = {
    log,
    get isActive() {
      return isActive;
    },
    set isActive(is) {
      isActive = is;
      if (!is) clock.offsetMs = 0;
    },
    start: (market) => changeListings(market, { plan, log, draw, isActive: () => isActive }),
    connect: (socket) => new RandomLine(source, socket, isActive ? plan.lifetimeMs ?? null : null),
    response: (_path, response, url) => faultyAnswer(response, url, source),
  };
  const source: FaultSource = { log, draw, happens, clock };
  function happens(kind: FaultKind): boolean {
    const rate = isActive ? plan.rates[kind] ?? 0 : 0;
    return rate > 0 && draw() < rate;
  }
  return faults;
}
