import { type BinanceRest, type Feed, mergedFeed } from "../../feed/mod.ts";
import {
  BINANCE_USDM,
  ccxtNameOf,
  ccxtVenue,
  type Instrument,
  type StreamKind,
  venueOf,
} from "../../market/mod.ts";
import type { FeedSelection } from "../feed_options.ts";
import { OTHER_DOORS } from "../other_doors.ts";
import { ProgramError } from "../program.ts";
import { chooseSymbols } from "./choose_symbols.ts";
import { isSimulated } from "./is_simulated.ts";
import {
  binanceSource,
  bybitSource,
  ccxtSource,
  type FeedNeeds,
  okxSource,
  type VenueSource,
} from "./venue_source.ts";

const OTHERS = { okx: okxSource, bybit: bybitSource };

/** The venues that an ingest takes trades from, of those whose symbols are named. */
export class Sources {
  readonly #options: FeedSelection;
  readonly #sources: readonly VenueSource[];
  /** What ccxt calls the venues that are reached through it. */
  readonly #throughCcxt: readonly string[];

  constructor(options: FeedSelection, rest: BinanceRest) {
    this.#options = options;
    const codes = new Set(options.symbols.map(venueCode));
    this.#throughCcxt = [...new Set(options.symbols.flatMap((s) => ccxtNameOf(s) ?? []))];
    this.#sources = [
      ...(options.all || codes.has(BINANCE_USDM) ? [binanceSource(options, rest)] : []),
      ...OTHER_DOORS.filter(({ code }) => codes.has(code)).map((door) => {
        const [wsUrl, restUrl] = [options[door.wsField], options[door.restField]];
        return OTHERS[door.flag as keyof typeof OTHERS](
          ...[wsUrl, restUrl, `${restUrl}${door.timePath}`] as const,
        );
      }),
      ...this.#throughCcxt.map((name) => ccxtSource(name, options.ccxtUrl)),
    ];
  }

  /** Whether symbols of Binance are followed. */
  get hasBinance(): boolean {
    return this.#sources.some(({ code }) => code === BINANCE_USDM);
  }

  /** The names of the other venues that are followed. */
  get others(): string[] {
    return [
      ...OTHER_DOORS.filter(({ code }) => this.#sources.some((source) => source.code === code)),
      ...this.#throughCcxt.map(ccxtVenue),
    ].map(({ name }) => name);
  }

  /** What is taken from where, for a sentence. */
  get text(): string {
    return this.#sources.map(({ wsUrl, streamKind }) => `${wsUrl} (${streamKind})`).join(" and ");
  }

  /** The kind of trades of a symbol: other venues than Binance have single ones only. */
  kindOf = (symbol: string): StreamKind =>
    venueCode(symbol) === BINANCE_USDM ? this.#options.streamKind : "trade";

  /**
   * Whether the exchanges behind the addresses are simulated.
   *
   * @throws {ProgramError} If one is and another is not.
   */
  async areSimulated(signal: AbortSignal): Promise<boolean> {
    const answers = await Promise.all(
      this.#sources.map(({ pingUrl }) => isSimulated(pingUrl, signal)),
    );
    if (new Set(answers).size > 1) {
      const followed = OTHER_DOORS.filter(({ code }) => this.#sources.some((s) => s.code === code));
      const options = [
        ...(this.hasBinance ? ["--rest-url"] : []),
        ...followed.map(({ flag }) => `--${flag}-rest-url`),
        ...(this.#throughCcxt.length > 0 ? [`"deno task ccxt --venue-url"`] : []),
      ].join(" and ");
      throw new ProgramError(
        "Cannot ingest from a simulated and a real exchange at once: give the address of each, " +
          options,
      );
    }
    return answers[0]!;
  }

  /** What the venues that are followed list. */
  async listed(signal: AbortSignal): Promise<Instrument[]> {
    return (await Promise.all(this.#sources.map((source) => source.listed(signal)))).flat();
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
    const follows = (symbol: string) =>
      this.#sources.some(({ code }) => code === venueCode(symbol));
    const other = symbols.find((symbol) => !follows(symbol));
    if (other !== undefined) {
      const venue = venueOf(other);
      throw new ProgramError(
        venue !== null
          ? `Cannot add ${other} as the ingest was started without symbols of ${venue.name}: ` +
            "stop it, and start it again with this one"
          : `Cannot add ${other} as no venue is known by that name: live trades come from ` +
            "Binance USD-M, Bybit linear and OKX swaps",
      );
    }
    const listed = await this.listed(signal);
    return { listed, symbols: chooseSymbols(listed, { symbols, all: false, quote: "" }) };
  }

  /** Makes the feed of symbols. */
  feed(symbols: readonly string[], { onFrame, ...needs }: FeedNeeds): Feed {
    const { symbolsPerSocket, redundant, rotateMs } = this.#options;
    const common = { ...needs, symbolsPerSocket, redundant, rotateMs };
    const feeds = this.#sources.map((source) => {
      const own = symbols.filter((symbol) => venueCode(symbol) === source.code);
      return source.feed({ ...common, symbols: own }, onFrame);
    });
    return feeds.length === 1 ? feeds[0]! : mergedFeed(feeds as [Feed, ...Feed[]]);
  }
}

function venueCode(symbol: string): string | undefined {
  return venueOf(symbol)?.code;
}
