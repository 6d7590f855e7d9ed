import type { Channels } from "./channels.ts";
import type { Tape } from "./tape.ts";
import { aggTradePayload, klinePayload } from "./wire.ts";

const AGG_TRADE_PUSH_MS = 100;
const KLINE_PUSH_MS = 250;
const MINUTE_MS = 60_000;

interface DerivedTape {
  readonly tape: Tape;
  readonly aggTradeStream: string;
  /** `null` where the source sends its own. */
  readonly klineStream: string | null;
  /** Trades of the current candle when it was last looked at. */
  seenTrades: number;
}

/** The streams made from trades: `aggTrade`, pushed every 100 ms, and `kline_1m`, every 250 ms. */
export class DerivedStreams {
  readonly #tapes: DerivedTape[] = [];
  readonly #channels: Channels;
  readonly #graceMs: number;
  readonly #given: ReadonlySet<string>;
  #nowMs = -Infinity;
  /** Minutes that opened before this time are closed. */
  #closedBeforeMs = -Infinity;

  /**
   * Derives streams from tapes.
   *
   * @param graceMs How much later than the clock a trade may still come, ms.
   * @param given Streams the source sends itself.
   */
  constructor(
    tapes: readonly Tape[],
    channels: Channels,
    graceMs: number,
    given: ReadonlySet<string>,
  ) {
    this.#channels = channels;
    this.#graceMs = graceMs;
    this.#given = given;
    for (const tape of tapes) this.add(tape);
  }

  /** Derives the streams of another tape. */
  add(tape: Tape): void {
    const name = tape.contract.symbol.toLowerCase();
    const klineStream = `${name}@kline_1m`;
    this.#tapes.push({
      tape,
      aggTradeStream: `${name}@aggTrade`,
      klineStream: this.#given.has(klineStream) ? null : klineStream,
      seenTrades: 0,
    });
  }

  /** Pushes what is due at exchange time `nowMs`. */
  advance(nowMs: number): void {
    const crossed = (stepMs: number) =>
      Math.floor(nowMs / stepMs) > Math.floor(this.#nowMs / stepMs);
    const [aggTradesDue, klinesDue] = [crossed(AGG_TRADE_PUSH_MS), crossed(KLINE_PUSH_MS)];
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    if (aggTradesDue) {
      for (const { tape } of this.#tapes) tape.closeUntil(nowMs - this.#graceMs);
      this.#pushAggTrades();
    }
    if (klinesDue) this.#pushKlines();
  }

  /** Pushes everything: no trade will come. */
  flush(): void {
    for (const { tape } of this.#tapes) tape.flush();
    this.#pushAggTrades();
    this.#pushKlines();
  }

  #pushAggTrades(): void {
    for (const { tape, aggTradeStream } of this.#tapes) {
      const rows = tape.takeUnsent();
      if (rows.length === 0 || !this.#channels.hasSubscribers("market", aggTradeStream)) continue;
      for (const row of rows) {
        const payload = aggTradePayload(tape.contract, row, this.#nowMs);
        this.#channels.publish("market", aggTradeStream, payload);
      }
    }
  }

  #pushKlines(): void {
    const horizonMs = this.#nowMs - this.#graceMs;
    const wasClosedBeforeMs = this.#closedBeforeMs;
    this.#closedBeforeMs = Math.floor(horizonMs / MINUTE_MS) * MINUTE_MS;
    for (const derived of this.#tapes) {
      derived.tape.candles.rollTo(horizonMs);
      if (derived.klineStream === null || derived.tape.status !== "TRADING") continue;
      if (!this.#channels.hasSubscribers("market", derived.klineStream)) continue;
      this.#pushKline(derived, derived.klineStream, wasClosedBeforeMs);
    }
  }

  #pushKline(derived: DerivedTape, stream: string, wasClosedBeforeMs: number): void {
    const { contract, candles } = derived.tape;
    const push = (candle: typeof current, isClosed: boolean) => {
      const payload = klinePayload(contract, candle!, isClosed, this.#nowMs);
      this.#channels.publish("market", stream, payload);
    };
    const current = candles.minutes.at(-1);
    if (current === undefined) return;
    if (this.#closedBeforeMs > wasClosedBeforeMs && wasClosedBeforeMs > 0) {
      for (const minute of candles.minutes) {
        const opened = minute.openTimeMs;
        if (opened >= wasClosedBeforeMs && opened < this.#closedBeforeMs) push(minute, true);
      }
      derived.seenTrades = 0;
    }
    const isNew = current.tradeCount !== derived.seenTrades;
    if (isNew && current.openTimeMs >= this.#closedBeforeMs) push(current, false);
    derived.seenTrades = current.tradeCount;
  }
}
