import type { StoreReader } from "../store/mod.ts";
import type { AlertRule } from "./alert_rule.ts";
import { type AlertState, nextAlert, UNSEEN } from "./alert_state.ts";
import { type Firing, firingOf } from "./firing.ts";
import { type MarketClock, type Watch, watch } from "./watch.ts";

/** A rule and what it remembers. */
export interface RememberedRule {
  /** The rule. */
  readonly rule: AlertRule;
  /** What it remembers; `null` for a rule that is new or has changed. */
  readonly state: AlertState | null;
}

/** What has to be stored together: a state without its firings would lose them. */
export interface AlertBatch {
  /** The rules that have seen something, by name, and what they remember now. */
  readonly states: ReadonlyMap<string, AlertState>;
  /** What fired, in the order of the rules and of time. */
  readonly firings: readonly Firing[];
}

interface Desk {
  readonly rule: AlertRule;
  readonly watch: Watch;
  state: AlertState;
  /** A new rule decides from now on, not on what was stored before; `null` while now is unknown. */
  sinceMs: number | null;
}

/**
 * Decides all alerts of a database.
 *
 * Call `poll()` now and then, store what it answers in one transaction and then call `stored()`;
 * what could not be stored is answered again. A desk that begins with the stored states goes on
 * where the last one stopped, so a crash neither loses nor repeats an alert.
 *
 * @example A new price
 * ```ts
 * import { AlertDesk, readAlertRule } from "tandem/alerts";
 * import { openReader, openWriter } from "tandem/store";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const path = `${Deno.makeTempDirSync()}/tandem.db`;
 * const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
 * using writer = openWriter(path, { identity });
 * writer.register("binance-usdm", "BTCUSDT", "aggTrade");
 * using reader = openReader(path);
 * const rule = readAlertRule({ id: "up", watch: "price", symbol: "BTCUSDT", above: 100 });
 * const desk = new AlertDesk(reader, [{ rule, state: null }]);
 * for (const [minute, close] of [99, 101].entries()) {
 *   writer.write({
 *     bars: [{
 *       venue: "binance-usdm", symbol: "BTCUSDT", intervalMs: 60_000, openTimeMs: minute * 60_000,
 *       open: close, high: close, low: close, close, volume: 1, quoteVolume: close, tradeCount: 1,
 *       takerBuyVolume: 1, firstTradeId: minute, lastTradeId: minute, complete: true, revision: 0,
 *     }],
 *   });
 * }
 * const { firings } = desk.poll({ exchangeMs: 0, lagMs: null });
 * deepStrictEqual(firings.map((f) => f.sentence), [
 *   "price of BTCUSDT (1m) rose to 101, threshold 100",
 * ]);
 * ```
 */
export class AlertDesk {
  readonly #reader: StoreReader;
  readonly #desks = new Map<string, Desk>();
  #states = new Map<string, AlertState>();
  #firings: Firing[] = [];

  /**
   * Begins to watch.
   *
   * @param reader The database.
   * @param rules The rules, with what they remember.
   */
  constructor(reader: StoreReader, rules: readonly RememberedRule[]) {
    this.#reader = reader;
    for (const { rule, state } of rules) this.put(rule, state);
  }

  /** The rules, in the order in which they came. */
  get rules(): AlertRule[] {
    return [...this.#desks.values()].map((desk) => desk.rule);
  }

  /**
   * Adds a rule, or replaces the one of its name, which then begins anew.
   *
   * @param rule The rule.
   * @param state What it remembers.
   */
  put(rule: AlertRule, state: AlertState | null = null): void {
    this.#desks.set(rule.id, {
      rule,
      watch: watch(this.#reader, rule.condition, state?.lastMs ?? null),
      state: state ?? UNSEEN,
      sinceMs: state?.lastMs ?? null,
    });
  }

  /** Removes a rule; an unknown name is ignored. */
  remove(id: string): void {
    this.#desks.delete(id);
    this.#states.delete(id);
  }

  /**
   * Takes what came since the last call.
   *
   * @param clock What the ingest knows of time.
   * @returns What is to be stored, with everything answered before and not stored yet.
   */
  poll(clock: MarketClock): AlertBatch {
    for (const desk of this.#desks.values()) {
      desk.sinceMs ??= clock.exchangeMs;
      if (desk.sinceMs === null) continue;
      for (const seen of desk.watch.poll(clock)) {
        if (seen.timeMs < desk.sinceMs) continue;
        const { state, crossings } = nextAlert(desk.state, seen, desk.rule);
        if (state === desk.state) continue;
        desk.state = state;
        this.#states.set(desk.rule.id, state);
        for (const crossing of crossings) this.#firings.push(firingOf(desk.rule, crossing));
      }
    }
    return { states: this.#states, firings: this.#firings };
  }

  /** Takes note that all that `poll()` answered is stored. */
  stored(): void {
    this.#states = new Map();
    this.#firings = [];
  }
}
