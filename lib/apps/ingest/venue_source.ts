import {
  binanceFeed,
  type BinanceRest,
  bybitFeed,
  BybitRest,
  ccxtFeed,
  type CcxtInstrument,
  CcxtRest,
  type Feed,
  type FeedOptions,
  okxFeed,
  type OkxInstrument,
  OkxRest,
} from "../../feed/mod.ts";
import {
  BINANCE_USDM,
  BYBIT_LINEAR,
  ccxtVenue,
  type Instrument,
  OKX_SWAP,
  type StreamKind,
} from "../../market/mod.ts";
import type { FeedSelection } from "../feed_options.ts";

/** What a feed needs of its ingest. */
export type FeedNeeds =
  & Pick<FeedOptions, "signal" | "lastIds" | "openGaps" | "recent" | "sureId">
  & { readonly onFrame: FeedOptions["onFrame"] };

/** What all feeds of an ingest are given. */
export type CommonFeedOptions =
  & Omit<FeedNeeds, "onFrame">
  & Pick<FeedOptions, "symbols" | "symbolsPerSocket" | "redundant" | "rotateMs">;

/** One venue that an ingest takes trades from. */
export interface VenueSource {
  readonly code: string;
  readonly streamKind: StreamKind;
  readonly wsUrl: string;
  /** An address that says who answers. */
  readonly pingUrl: string;
  /** What it lists. */
  listed(signal: AbortSignal): Promise<readonly Instrument[]>;
  /** Makes the feed of some of its symbols. */
  feed(options: CommonFeedOptions, onFrame: FeedNeeds["onFrame"]): Feed;
}

/** Binance's contracts. */
export function binanceSource(
  { streamKind, wsUrl, restUrl }: FeedSelection,
  rest: BinanceRest,
): VenueSource {
  return {
    ...{ code: BINANCE_USDM, streamKind, wsUrl, pingUrl: `${restUrl}/fapi/v1/ping` },
    listed: (signal) => rest.exchangeInfo(signal),
    feed: (options, onFrame) =>
      binanceFeed({
        ...{ ...options, streamKind, wsUrl, rest },
        ...(onFrame === undefined ? {} : { onFrame }),
      }),
  };
}

/** OKX's swaps. */
export function okxSource(wsUrl: string, restUrl: string, pingUrl: string): VenueSource {
  const rest = new OkxRest({ baseUrl: restUrl });
  const instruments = new Map<string, OkxInstrument>();
  return {
    ...{ code: OKX_SWAP, streamKind: "trade", wsUrl, pingUrl },
    async listed(signal) {
      const swaps = await rest.instruments(signal);
      for (const swap of swaps) instruments.set(swap.symbol, swap);
      return swaps;
    },
    feed: (options) => okxFeed({ ...options, instruments, wsUrl, rest }),
  };
}

/** Bybit's linear perpetuals. */
export function bybitSource(wsUrl: string, restUrl: string, pingUrl: string): VenueSource {
  const rest = new BybitRest({ baseUrl: restUrl });
  return {
    ...{ code: BYBIT_LINEAR, streamKind: "trade", wsUrl, pingUrl },
    listed: (signal) => rest.instruments(signal),
    feed: (options) => bybitFeed({ ...options, wsUrl, rest }),
  };
}

/** A venue that ccxt knows, through the gateway. */
export function ccxtSource(name: string, url: string): VenueSource {
  const rest = new CcxtRest(name, { baseUrl: url });
  const instruments = new Map<string, CcxtInstrument>();
  let givesTrades = true;
  const { code } = ccxtVenue(name);
  const wsUrl = `${url.replace(/^http/, "ws")}/${name}`;
  return {
    ...{ code, streamKind: "trade", wsUrl, pingUrl: `${url}/${name}/time` },
    async listed(signal) {
      const listed = await rest.instruments(signal);
      givesTrades = listed.givesTrades;
      for (const instrument of listed.instruments) instruments.set(instrument.symbol, instrument);
      return listed.instruments;
    },
    feed: (options) => ccxtFeed({ ...options, venue: name, instruments, rest, givesTrades }),
  };
}
