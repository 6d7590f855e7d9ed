import {
  binanceFeed,
  type BinanceRest,
  type Feed,
  type FeedOptions,
  mergedFeed,
  okxFeed,
  type OkxInstrument,
  OkxRest,
} from "../../feed/mod.ts";
import {
  BINANCE_USDM,
  type Instrument,
  OKX_SWAP,
  type StreamKind,
  venueOf,
} from "../../market/mod.ts";
import type { FeedSelection } from "../feed_options.ts";
import { ProgramError } from "../program.ts";
import { chooseSymbols } from "./choose_symbols.ts";
import { isSimulated } from "./is_simulated.ts";

/** What a feed needs of its ingest. */
export type FeedNeeds =
  & Pick<FeedOptions, "signal" | "lastIds" | "openGaps">
  & { readonly onFrame: FeedOptions["onFrame"] };

/** The venues that an ingest takes trades from, of those whose symbols are named. */
export class Sources {
  readonly #options: FeedSelection;
  readonly #rest: BinanceRest;
  readonly #okxRest: OkxRest;
  readonly #swaps = new Map<string, OkxInstrument>();
  /** Whether symbols of Binance are followed. */
  readonly hasBinance: boolean;
  /** Whether symbols of OKX are. */
  readonly hasOkx: boolean;

  constructor(options: FeedSelection, rest: BinanceRest) {
    this.#options = options;
    this.#rest = rest;
    this.#okxRest = new OkxRest({ baseUrl: options.okxRestUrl });
    this.hasBinance = options.all || options.symbols.some((s) => venueCode(s) === BINANCE_USDM);
    this.hasOkx = options.symbols.some((s) => venueCode(s) === OKX_SWAP);
  }

  /** What is taken from where, for a sentence. */
  get text(): string {
    const { streamKind, wsUrl, okxWsUrl } = this.#options;
    return [
      ...(this.hasBinance ? [`${wsUrl} (${streamKind})`] : []),
      ...(this.hasOkx ? [`${okxWsUrl} (trade)`] : []),
    ].join(" and ");
  }

  /** The kind of trades of a symbol: OKX has single ones only. */
  kindOf = (symbol: string): StreamKind =>
    venueCode(symbol) === BINANCE_USDM ? this.#options.streamKind : "trade";

  /**
   * Whether the exchanges behind the addresses are simulated.
   *
   * @throws {ProgramError} If one is and another is not.
   */
  async areSimulated(signal: AbortSignal): Promise<boolean> {
    const { restUrl, okxRestUrl } = this.#options;
    const addresses = [
      ...(this.hasBinance ? [`${restUrl}/fapi/v1/ping`] : []),
      ...(this.hasOkx ? [`${okxRestUrl}/api/v5/public/time`] : []),
    ];
    const answers = await Promise.all(addresses.map((url) => isSimulated(url, signal)));
    if (new Set(answers).size > 1) {
      throw new ProgramError(
        "Cannot ingest from a simulated and a real exchange at once: give the address of both, " +
          "--rest-url and --okx-rest-url",
      );
    }
    return answers[0]!;
  }

  /** What the venues that are followed list. */
  async listed(signal: AbortSignal): Promise<Instrument[]> {
    const swaps = this.hasOkx ? await this.#okxRest.instruments(signal) : [];
    for (const swap of swaps) this.#swaps.set(swap.symbol, swap);
    return [...(this.hasBinance ? await this.#rest.exchangeInfo(signal) : []), ...swaps];
  }

  /**
   * The instruments of symbols that are to join.
   *
   * @throws {ProgramError} If one is not listed, or of a venue whose addresses this process may not
   *   reach.
   */
  async joining(
    symbols: readonly string[],
    signal: AbortSignal,
  ): Promise<{ readonly listed: readonly Instrument[]; readonly symbols: readonly string[] }> {
    const other = symbols.find((symbol) => !this.#follows(symbol));
    if (other !== undefined) {
      const venue = venueOf(other);
      const isKnown = venue?.code === BINANCE_USDM || venue?.code === OKX_SWAP;
      throw new ProgramError(
        isKnown
          ? `Cannot add ${other} as the ingest was started without symbols of ${venue.name}: ` +
            "stop it, and start it again with this one"
          : `Cannot add ${other} as live trades come from Binance USD-M and OKX swaps only`,
      );
    }
    const listed = await this.listed(signal);
    return { listed, symbols: chooseSymbols(listed, { symbols, all: false, quote: "" }) };
  }

  /** Makes the feed of symbols. */
  feed(symbols: readonly string[], { onFrame, ...needs }: FeedNeeds): Feed {
    const options = this.#options;
    const { symbolsPerSocket, redundant, rotateMs } = options;
    const common = { ...needs, symbolsPerSocket, redundant, rotateMs };
    const own = (code: string) => symbols.filter((symbol) => venueCode(symbol) === code);
    const feeds: Feed[] = [];
    if (this.hasBinance) {
      feeds.push(binanceFeed({
        ...{ ...common, symbols: own(BINANCE_USDM), streamKind: options.streamKind },
        ...{ wsUrl: options.wsUrl, rest: this.#rest },
        ...(onFrame === undefined ? {} : { onFrame }),
      }));
    }
    if (this.hasOkx) {
      feeds.push(okxFeed({
        ...{ ...common, symbols: own(OKX_SWAP), instruments: this.#swaps },
        ...{ wsUrl: options.okxWsUrl, rest: this.#okxRest },
      }));
    }
    return feeds.length === 1 ? feeds[0]! : mergedFeed(feeds as [Feed, ...Feed[]]);
  }

  #follows(symbol: string): boolean {
    const code = venueCode(symbol);
    return code === BINANCE_USDM && this.hasBinance || code === OKX_SWAP && this.hasOkx;
  }
}

function venueCode(symbol: string): string | undefined {
  return venueOf(symbol)?.code;
}
