import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import {
  FLAT_SIGNAL,
  nextSignal,
  pairBacktest,
  signalBar,
  signalRules,
  type SignalState,
  signalStates,
} from "../../lib/backtest/mod.ts";
import { BarAggregator } from "../../lib/bars/mod.ts";
import type { Trade } from "../../lib/market/mod.ts";
import {
  alignCloses,
  type AlignedRow,
  CloseAligner,
  type CloseBar,
  PairMonitor,
  pairReadings,
  RefreshAligner,
  refreshRows,
} from "../../lib/pairs/mod.ts";
import { normal, uniform } from "../support/random.ts";

const PAIR = { windowBars: 30 };
const RULES = { entry: 1.2, exit: 0.2, stop: 3.5, maxHoldBars: 40 };

/** Trades of two cointegrated symbols, in time order, ids without holes. */
function market(seed: number, count: number): Trade[] {
  const next = normal(seed);
  const chance = uniform(seed + 1);
  let [level, spread, timeMs] = [Math.log(100), 0, 1_790_000_000_000];
  const ids = { YUSDT: 1, XUSDT: 1 };
  return Array.from({ length: count }, () => {
    timeMs += Math.floor(chance() * 600);
    level += 2e-4 * next();
    spread = 0.95 * spread + 3e-4 * next();
    const symbol = chance() < 0.5 ? "YUSDT" : "XUSDT";
    const price = symbol === "XUSDT" ? Math.exp(level) : Math.exp(1 + 1.1 * level + spread);
    return {
      ...{ venue: "binance-usdm", symbol, tradeId: ids[symbol]++, timeMs, price },
      ...{ quantity: 1, takerSide: "buy" as const, source: "ws" as const },
    };
  });
}

const legOf = (trade: Trade) => trade.symbol === "YUSDT" ? "y" : "x";

/** A monitor and a signal that take rows as they come, changed ones too. */
class Live {
  readonly states = new Map<number, SignalState>();
  readonly #monitor = new PairMonitor(PAIR);
  readonly #rules = signalRules(RULES);
  #state = FLAT_SIGNAL;

  push(row: AlignedRow): void {
    this.#state = nextSignal(this.#state, signalBar(this.#monitor.push(row)), this.#rules);
    this.states.set(row.row, this.#state);
  }
}

/** Bars where a position was taken or left, from the books of a backtest. */
function fills(rows: readonly AlignedRow[]): [bar: number, side: number][] {
  const { trades } = pairBacktest(rows, { ...PAIR, ...RULES, fill: "close", closeAtEnd: false });
  return trades.flatMap(({ entryBar, exitBar, side }) => [[entryBar, side], [exitBar, 0]]);
}

function changes(states: readonly SignalState[]): [bar: number, side: number][] {
  return states.flatMap((state, bar) => {
    const before = bar === 0 ? 0 : states[bar - 1]!.position;
    return state.position === before ? [] : [[bar, state.position] as [number, number]];
  });
}

Deno.test("trades live, replayed and in a backtest make the same decisions on bars of a second", () => {
  const trades = market(1, 6_000);
  const bars = new BarAggregator({ intervalsMs: [1_000] });
  const symbols = ["YUSDT", "XUSDT"];
  const aligner = new CloseAligner({ intervalMs: 1_000, fill: "previous" });
  const live = new Live();
  const stored: Record<"y" | "x", CloseBar[]> = { y: [], x: [] };
  const close = () => {
    // a second emitted again once it is proven changes no price
    for (const bar of bars.takeBars()) {
      const leg = bar.symbol === "YUSDT" ? "y" : "x";
      const known = stored[leg].findIndex(({ openTimeMs }) => openTimeMs === bar.openTimeMs);
      if (known >= 0) stored[leg][known] = bar;
      else stored[leg].push(bar);
      if (known >= 0) continue;
      for (const row of aligner.push(leg, bar)) if (!live.states.has(row.row)) live.push(row);
    }
  };
  for (const trade of trades) {
    bars.push(trade);
    bars.advance(symbols, trade.timeMs);
    close();
  }
  bars.flush();
  close();

  const rows = alignCloses(stored.y, stored.x, { intervalMs: 1_000, fill: "previous" });
  const replayed = signalStates(pairReadings(rows, PAIR), RULES);
  ok(live.states.size > 1_000);
  deepStrictEqual([...live.states.values()], replayed.slice(0, live.states.size));
  const decided = changes(replayed);
  ok(decided.length > 20, `${decided.length} decisions`);
  deepStrictEqual(fills(rows), decided.slice(0, fills(rows).length));
});

Deno.test("ticks in event time make the same decisions live, replayed and in a backtest", () => {
  const trades = market(3, 8_000);
  const aligner = new RefreshAligner();
  const live = new Live();
  for (const trade of trades) {
    const row = aligner.push(legOf(trade), trade);
    if (row !== null) live.push(row);
  }
  const last = aligner.advance(Infinity);
  if (last !== null) live.push(last);
  const of = (leg: "y" | "x") => trades.filter((trade) => legOf(trade) === leg);
  const rows = refreshRows(of("y"), of("x"));
  const replayed = signalStates(pairReadings(rows, PAIR), RULES);
  deepStrictEqual([...live.states.values()], replayed);
  const decided = changes(replayed);
  ok(decided.length > 20, `${decided.length} decisions`);
  deepStrictEqual(fills(rows), decided.slice(0, fills(rows).length));
});

Deno.test("refreshRows() are the times at which both legs have traded since the row before", () => {
  const trades = market(5, 2_000);
  const of = (leg: "y" | "x") => trades.filter((trade) => legOf(trade) === leg);
  const rows = refreshRows(of("y"), of("x"));
  let sinceMs = -Infinity;
  for (const row of rows) {
    const first = (leg: "y" | "x") => of(leg).find(({ timeMs }) => timeMs > sinceMs)!.timeMs;
    strictEqual(row.openTimeMs, Math.max(first("y"), first("x")));
    sinceMs = row.openTimeMs;
  }
  ok(rows.every((row, i) => row.row === i && !row.stale));
});

Deno.test("RefreshAligner.push() refuses times that go back and prices that are none", () => {
  const aligner = new RefreshAligner();
  aligner.push("y", { timeMs: 5, price: 1 });
  for (
    const tick of [{ timeMs: 4, price: 1 }, { timeMs: 6, price: 0 }, { timeMs: NaN, price: 1 }]
  ) {
    throws(() => aligner.push("x", tick), RangeError);
  }
});
