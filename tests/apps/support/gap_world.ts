/** A symbol whose stream has holes, a REST with holes, and an ingest that can die: no sockets. */
import { deepStrictEqual, ok } from "node:assert/strict";
import { BarAggregator } from "../../../lib/bars/mod.ts";
import { Pipeline } from "../../../lib/apps/ingest/pipeline.ts";
import { type HoldBudget, Sequencer } from "../../../lib/feed/mod.ts";
import {
  BINANCE_USDM,
  type FeedEvent,
  STORED_INTERVALS_MS,
  type Trade,
  type TradeEvent,
} from "../../../lib/market/mod.ts";
import {
  openReader,
  openWriter,
  type StoreReader,
  type StoreWriter,
} from "../../../lib/store/mod.ts";

const SYMBOL = "BTCUSDT";
const FIRST_ID = 100;

/** One symbol from its exchange to its database; every step is a call. */
export class GapWorld implements Disposable {
  readonly #database: string;
  readonly #draw: () => number;
  readonly #budget: HoldBudget;
  readonly #stepMs: number;
  readonly #vanished = new Set<number>();
  #newestId = FIRST_ID - 1;
  #writer!: StoreWriter;
  #pipeline!: Pipeline;
  #sequencer!: Sequencer;
  #events: FeedEvent[] = [];

  constructor(database: string, draw: () => number) {
    this.#database = database;
    this.#draw = draw;
    this.#budget = { capacity: Math.floor(12 * draw()), holdMs: 40 * draw(), used: 0 };
    this.#stepMs = 37 * 20 ** Math.floor(3 * draw());
    this.#start();
    // A symbol has gaps only after its first trade.
    this.trade(1);
    this.read(true);
  }

  /** The exchange trades: most ids arrive, some do not, some are nowhere to be had. */
  trade(count: number): void {
    for (let k = 0; k < count; k++) {
      const id = ++this.#newestId;
      // The first and last ids of the whole are there, or nobody could know of them.
      if (this.#draw() < 0.05 && id > FIRST_ID) this.#vanished.add(id);
      else if (this.#draw() < 0.75 || id === FIRST_ID) this.#offer(id, "ws");
    }
  }

  /** REST answers with a page of what is missing, and leaves some of it out. */
  answer(mostRows: number, leftOut: number): void {
    const { missing } = this.#sequencer;
    if (missing === null) return;
    const untilId = Math.min(missing.untilId, missing.firstId + mostRows - 1);
    for (let id = missing.firstId; id <= untilId; id++) {
      if (!this.#vanished.has(id) && this.#draw() >= leftOut) this.#offer(id, "rest");
    }
  }

  /** The oldest missing ids are given up if they have vanished. */
  giveUp(): void {
    const from = this.#sequencer.missing?.firstId;
    if (from === undefined || !this.#vanished.has(from)) return;
    let to = from;
    while (this.#vanished.has(to + 1)) to++;
    this.#sequencer.lose(to, 1_000_000 + this.#newestId, this.#events);
  }

  /** The pipeline takes what the feed has told, and stores it or not yet. */
  read(commits: boolean): void {
    if (!this.#sequencer.isHolding) {
      // Mostly a little behind the newest trade, now and then ahead of some.
      const timeMs = this.#timeOf(this.#newestId - Math.floor(4 * this.#draw()) + 1);
      this.#events.push({ kind: "watermark", symbols: [SYMBOL], timeMs });
    }
    this.#pipeline.apply(this.#events);
    this.#events = [];
    if (commits) this.#pipeline.commit();
  }

  /** The process dies, or ends well, and starts again. */
  restart(how: "crash" | "stop"): void {
    if (how === "stop") {
      this.read(true);
      this.#pipeline.drain();
    }
    this.#writer[Symbol.dispose]();
    this.#start();
  }

  /** The symbol is removed from the feed and comes back. */
  readd(): void {
    this.read(true);
    this.#pipeline.restore(SYMBOL);
    this.#sequencer.close();
    this.#follow(this.#sequencer.lastId);
  }

  /** Everything that can be had is fetched and stored; then the database is compared. */
  settleAndCheck(): void {
    this.#vanished.delete(++this.#newestId);
    while (this.#sequencer.lastId! < this.#newestId || !this.#sequencer.isWhole) {
      this.#offer(this.#newestId, "ws");
      this.answer(50, 0);
      this.giveUp();
    }
    this.read(true);
    this.#pipeline.drain();
    using reader = openReader(this.#database);
    const stored = reader.trades({ symbol: SYMBOL });
    const truth = Array.from({ length: this.#newestId - FIRST_ID + 1 }, (_, k) => FIRST_ID + k);
    deepStrictEqual(stored.map((t) => t.tradeId), truth.filter((id) => !this.#vanished.has(id)));
    const told = new Map<number, string>();
    for (const { firstMissingId, lastMissingId, state } of reader.gaps()) {
      for (let id = firstMissingId; id <= lastMissingId; id++) {
        ok(!told.has(id), `${id} lies in two gaps`);
        told.set(id, state);
      }
    }
    for (const { tradeId, source } of stored) {
      const state = told.get(tradeId);
      ok(source === "ws" || state === "repaired", `${tradeId} was fetched and is ${state}`);
      ok(state === undefined || state === "repaired", `${tradeId} is stored and ${state}`);
    }
    for (const id of this.#vanished) deepStrictEqual([id, told.get(id)], [id, "lost"]);
    this.#checkBars(reader, stored);
  }

  /** Bars are those of all trades at once. */
  #checkBars(reader: StoreReader, trades: readonly Trade[]): void {
    const batch = new BarAggregator({ intervalsMs: STORED_INTERVALS_MS });
    for (const trade of trades) batch.push(trade);
    batch.advance([SYMBOL], this.#pipeline.closedUntilMs(SYMBOL) ?? -Infinity);
    const whole = new Map<string, unknown>();
    const addAll = () => {
      for (const { revision: _, ...bar } of batch.takeBars()) {
        whole.set(`${bar.intervalMs} ${bar.openTimeMs}`, bar);
      }
    };
    addAll();
    batch.flush();
    addAll();
    const bars = STORED_INTERVALS_MS.flatMap((intervalMs) =>
      reader.bars({ symbol: SYMBOL, intervalMs }).map(({ revision: _, ...bar }) => bar)
    );
    for (const bar of bars) {
      const name = `${bar.intervalMs} ${bar.openTimeMs}`;
      deepStrictEqual(bar, whole.get(name));
      whole.delete(name);
    }
    deepStrictEqual([...whole.keys()], []);
  }

  #timeOf(id: number): number {
    return this.#stepMs * id;
  }

  [Symbol.dispose](): void {
    this.#writer[Symbol.dispose]();
  }

  #start(): void {
    this.#events = [];
    this.#writer = openWriter(this.#database, {
      identity: { pid: 1, host: "here", startedAtMs: 0, simulated: true },
    });
    this.#writer.register(BINANCE_USDM, SYMBOL, "aggTrade");
    this.#pipeline = new Pipeline(BINANCE_USDM, this.#writer);
    this.#pipeline.restore(SYMBOL);
    this.#follow(this.#writer.lastTradeIds().get(SYMBOL) ?? null);
  }

  #follow(lastId: number | null): void {
    this.#budget.used = 0;
    const openGaps = this.#writer.openGaps(SYMBOL);
    this.#sequencer = new Sequencer(SYMBOL, lastId, this.#budget, openGaps);
  }

  #offer(id: number, source: Trade["source"]): void {
    const event = tradeEvent(id, source, this.#timeOf(id));
    this.#sequencer.offer(event, 1_000_000 + id, this.#events);
  }
}

function tradeEvent(tradeId: number, source: Trade["source"], timeMs: number): TradeEvent {
  return {
    kind: "trade",
    trade: {
      venue: BINANCE_USDM,
      symbol: SYMBOL,
      tradeId,
      timeMs,
      price: 100 + tradeId % 7,
      quantity: 1,
      takerSide: "buy",
      source,
    },
    eventTimeMs: null,
    receivedMs: 0,
  };
}
