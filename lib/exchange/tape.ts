import { CandleSeries } from "./candle_series.ts";
import type { Contract } from "./contract.ts";
import { type RowBudget, RowHistory } from "./row_history.ts";
import { TradeAggregator } from "./trade_aggregator.ts";
import type { TradeRow } from "./trade_row.ts";

/** What the histories of all symbols may keep together. */
export interface TapeBudgets {
  readonly trades: RowBudget;
  readonly aggTrades: RowBudget;
}

/** Aggregates are numbered from here, so that ids do not fit 32 bits. */
const FIRST_AGGREGATE_ID = 3_000_000_001;

/** Everything that was traded in one contract, as far as it is kept. */
export class Tape {
  /** The contract. */
  readonly contract: Contract;
  /** Its fills. */
  readonly trades: RowHistory;
  /** Its ended aggregates. */
  readonly aggTrades: RowHistory;
  /** Its one-minute candles. */
  readonly candles: CandleSeries = new CandleSeries();
  /** What `exchangeInfo` says of it; only `TRADING` trades. */
  status = "TRADING";
  readonly #aggregator: TradeAggregator = new TradeAggregator(FIRST_AGGREGATE_ID);
  #unsent: TradeRow[] = [];
  readonly #watchers = new Set<(row: TradeRow) => void>();

  /** Makes an empty tape. */
  constructor(contract: Contract, budgets: TapeBudgets) {
    this.contract = contract;
    this.trades = new RowHistory(budgets.trades);
    this.aggTrades = new RowHistory(budgets.aggTrades);
  }

  /** Adds a fill. */
  fill(row: TradeRow): void {
    this.trades.push(row);
    this.candles.push(row);
    this.#ended(this.#aggregator.push(row));
    for (const watcher of this.#watchers) watcher(row);
  }

  /** Calls `watcher` with every fill from now on. @returns What ends that. */
  watch(watcher: (row: TradeRow) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Adds an aggregate that was captured as such: nothing is left to derive or to send. */
  aggregate(row: TradeRow): void {
    this.aggTrades.push(row);
    this.candles.push(row);
  }

  /** Ends the open aggregate if no fill at `timeMs` or later could join it. */
  closeUntil(timeMs: number): void {
    this.#ended(this.#aggregator.closeUntil(timeMs));
  }

  /** Ends the open aggregate. */
  flush(): void {
    this.#ended(this.#aggregator.flush());
  }

  /** Takes the aggregates that ended since the last call. */
  takeUnsent(): readonly TradeRow[] {
    const unsent = this.#unsent;
    if (unsent.length > 0) this.#unsent = [];
    return unsent;
  }

  #ended(aggregate: TradeRow | null): void {
    if (aggregate === null) return;
    this.aggTrades.push(aggregate);
    this.#unsent.push(aggregate);
  }
}
