import type { Bar } from "../../../lib/market/mod.ts";
import {
  openReader,
  openWriter,
  type StoreReader,
  type StoreWriter,
} from "../../../lib/store/mod.ts";
import { uniform } from "../../support/random.ts";

const VENUE = "binance-usdm";
const START_MS = 1_721_347_200_000;

/** A database in a folder of its own, written to as a test goes. */
export class Market implements Disposable {
  /** The database file. */
  readonly path: string;
  readonly #folder = Deno.makeTempDirSync();
  readonly #prices = new Map<string, number>();
  #writer: StoreWriter;
  #minutes = 0;
  #isReleased = false;
  readonly #random = uniform(11);

  constructor(readonly symbols: readonly string[] = ["BTCUSDT", "ETHUSDT", "SOLUSDT"]) {
    this.path = `${this.#folder}/tandem.db`;
    this.#writer = this.#open();
    for (const symbol of symbols) {
      this.#writer.register(VENUE, symbol, "aggTrade");
      this.#prices.set(symbol, 100);
    }
  }

  /** Its writer. */
  get writer(): StoreWriter {
    return this.#writer;
  }

  /** Opens the database for reading. */
  readonly open = (): StoreReader => openReader(this.path);

  /** The time of a minute. */
  timeMs(minute: number): number {
    return START_MS + 60_000 * minute;
  }

  /** Writes the next minutes of every symbol. */
  add(minutes: number): void {
    const bars: Bar[] = [];
    for (let k = 0; k < minutes; k++, this.#minutes++) {
      const common = (this.#random() - 0.5) / 500;
      for (const symbol of this.symbols) {
        const price = this.#prices.get(symbol)! * (1 + common + (this.#random() - 0.5) / 1_000);
        this.#prices.set(symbol, price);
        bars.push(this.bar(symbol, this.#minutes, price));
      }
    }
    const quality = this.symbols.map((symbol) => ({ venue: VENUE, symbol, received: minutes }));
    this.#writer.write({ bars, quality });
  }

  /** Writes given bars. */
  write(...bars: Bar[]): void {
    this.#writer.write({ bars });
  }

  /** Makes a bar. */
  bar(symbol: string, minute: number, close: number, revision = 0): Bar {
    return {
      ...{ venue: VENUE, symbol, intervalMs: 60_000, openTimeMs: this.timeMs(minute) },
      ...{ open: close, high: close + 1, low: close - 1, close, volume: 2, quoteVolume: 2 * close },
      ...{
        tradeCount: 2,
        takerBuyVolume: 1,
        firstTradeId: minute * 2,
        lastTradeId: minute * 2 + 1,
      },
      ...{ complete: true, revision },
    };
  }

  /** Lets go of the lease: from now on others may write. */
  release(): void {
    if (!this.#isReleased) this.#writer[Symbol.dispose]();
    this.#isReleased = true;
  }

  [Symbol.dispose](): void {
    this.release();
    Deno.removeSync(this.#folder, { recursive: true });
  }

  #open(): StoreWriter {
    return openWriter(this.path, {
      identity: { pid: 1, host: "here", startedAtMs: START_MS, simulated: true },
    });
  }
}
