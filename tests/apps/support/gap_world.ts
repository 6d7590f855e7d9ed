/** A symbol whose stream has holes, a REST with holes, and an ingest that can die: no sockets. */
import { deepStrictEqual, ok } from "node:assert/strict";
import { Pipeline } from "../../../lib/apps/ingest/pipeline.ts";
import { type FeedEvent, Sequencer, type TradeEvent } from "../../../lib/feed/mod.ts";
import { BINANCE_USDM, type Trade } from "../../../lib/market/mod.ts";
import { openReader, openWriter, type StoreWriter } from "../../../lib/store/mod.ts";

const SYMBOL = "BTCUSDT";
const FIRST_ID = 100;

/** One symbol from its exchange to its database; every step is a call. */
export class GapWorld implements Disposable {
  readonly #database: string;
  readonly #draw: () => number;
  readonly #budget: { readonly capacity: number; used: number };
  readonly #vanished = new Set<number>();
  #newestId = FIRST_ID - 1;
  #writer!: StoreWriter;
  #pipeline!: Pipeline;
  #sequencer!: Sequencer;
  #events: FeedEvent[] = [];

  constructor(database: string, draw: () => number) {
    this.#database = database;
    this.#draw = draw;
    this.#budget = { capacity: Math.floor(12 * draw()), used: 0 };
    this.#start();
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
    this.#sequencer.lose(to, this.#newestId, this.#events);
  }

  /** The pipeline takes what the feed has told, and stores it or not yet. */
  read(commits: boolean): void {
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
    this.#follow(this.#sequencer.lastId);
  }

  /** Everything that can be had is fetched and stored; then the database is compared. */
  settleAndCheck(): void {
    this.#vanished.delete(++this.#newestId);
    while (this.#sequencer.lastId! < this.#newestId) {
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
    this.#follow(this.#writer.lastTradeIds().get(SYMBOL) ?? FIRST_ID - 1);
  }

  #follow(lastId: number | null): void {
    this.#budget.used = 0;
    this.#sequencer = new Sequencer(SYMBOL, lastId, this.#budget);
  }

  #offer(id: number, source: Trade["source"]): void {
    this.#sequencer.offer(tradeEvent(id, source), 1_000_000 + id, this.#events);
  }
}

function tradeEvent(tradeId: number, source: Trade["source"]): TradeEvent {
  return {
    kind: "trade",
    trade: {
      venue: BINANCE_USDM,
      symbol: SYMBOL,
      tradeId,
      timeMs: 37 * tradeId,
      price: 100 + tradeId % 7,
      quantity: 1,
      takerSide: "buy",
      source,
    },
    eventTimeMs: null,
    receivedMs: 0,
  };
}
