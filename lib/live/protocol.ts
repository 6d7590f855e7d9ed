import type { ChartSpec, Columns, Thresholds } from "../charts/mod.ts";
import type { HedgeMethod, PairReading, PairVerdict, PriceScale } from "../pairs/mod.ts";
import type { RankedRow, ScreenReport } from "../universe/mod.ts";
import type { WarmUp } from "./live_screen.ts";
import type { PartContent } from "./part_content.ts";

/** Asks for a pair: its chart, and what changes in it. */
export interface PairRequest extends Partial<Thresholds> {
  /** Tells it from other requests. */
  readonly kind: "pair";
  /** The dependent leg. */
  readonly y: string;
  /** The hedge leg. */
  readonly x: string;
  /** A stored interval, for example `1m`. */
  readonly interval: string;
  /** Rows of the rolling statistics. */
  readonly window: number;
  /** How the hedge ratio is found. */
  readonly method: HedgeMethod;
  /** What the regression sees. @default {"log"} */
  readonly scale?: PriceScale;
  /** At most so many rows, the newest. @default {3600} */
  readonly limit?: number;
}

/** Asks for the bars of one symbol: their chart, and what changes in it. */
export interface BarsRequest {
  /** Tells it from other requests. */
  readonly kind: "bars";
  /** The symbol as the venue writes it. */
  readonly symbol: string;
  /** A stored interval, for example `1m`. */
  readonly interval: string;
  /** At most so many rows, the newest. @default {3600} */
  readonly limit?: number;
}

/** Asks for the ranking of every pair of all symbols, and for it again on every bar. */
export interface ScreenRequest {
  /** Tells it from other requests. */
  readonly kind: "screen";
  /** A stored interval. @default {"1m"} */
  readonly interval?: string;
  /** Bars in the window. @default {3600 of 1s, 1440 of 1m, 2016 of 5m} */
  readonly window?: number;
  /** Level of the discoveries. @default {0.05} */
  readonly alpha?: number;
  /** Lagged differences of the final test, 0 to 8, or `aic`. @default {8} */
  readonly lag?: number | "aic";
  /** Which pairs get a row. @default {"candidates"} */
  readonly rows?: "discoveries" | "candidates" | "all";
  /** At most so many rows, the first; 500 over a socket. @default {100} */
  readonly limit?: number;
  /** Whether to test pairs of contracts on one asset. @default {"skip"} */
  readonly wrappers?: "skip" | "test";
  /** Only symbols quoted in this asset. */
  readonly quote?: string;
  /** Only symbols with this quote volume per day. @default {0} */
  readonly minQuoteVolume?: number;
  /** Only symbols with so many trades per bar. @default {0} */
  readonly minTrades?: number;
  /** Only symbols with no larger share of bars without a trade. @default {0.05} */
  readonly maxStale?: number;
  /** Only rows with at least this half-life, in bars. */
  readonly minHalfLife?: number;
  /** Only rows with at most this half-life, in bars. */
  readonly maxHalfLife?: number;
  /** Only rows of this symbol. */
  readonly symbol?: string;
}

/** A screen as it is sent on every bar: as `ScreenReport`, without the list of the symbols. */
export interface ScreenUpdate extends Omit<ScreenReport, "rows" | "symbols"> {
  /** The rows by column, all of the same length; numbers to six digits. */
  readonly rows: { readonly [K in keyof RankedRow]: readonly RankedRow[K][] };
  /** How far reading the stored bars has come; `null` once they are read. */
  readonly warmUp: WarmUp | null;
}

/** Asks for a part of a notebook's output. */
export interface PartRequest {
  /** Tells it from other requests. */
  readonly kind: "part";
  /** The name the kernel gave it. */
  readonly part: string;
}

/** What a page may subscribe to. */
export type SubscribeRequest = PairRequest | BarsRequest | ScreenRequest | PartRequest;

/** What a page asks for; `id` is its own choice and comes back with every answer. */
export type ClientMessage =
  | ({ readonly op: "subscribe"; readonly id: string } & SubscribeRequest)
  | { readonly op: "unsubscribe"; readonly id: string }
  /** Says something to a part that is subscribed to. */
  | { readonly op: "tell"; readonly id: string; readonly value: unknown };

/** What a chart is about beyond its rows. */
export interface Summary {
  /** The newest reading of a pair with the reason for what is absent; `null` without rows. */
  readonly reading: PairReading | null;
  /**
   * What the newest rows say of the pair as a whole; may be some seconds old, `null` until it is
   * made for the first time. Absent where it has not changed since it was last told.
   */
  readonly verdict?: PairVerdict | null;
}

/** Why something was refused. */
export interface Failure {
  /** Short and stable, for example `unknown_symbol`. */
  readonly code: string;
  /** One sentence. */
  readonly message: string;
}

/** What the hub says. */
export type ServerMessage =
  | {
    /** Begins a chart, and begins it again whenever rows may have been missed. */
    readonly op: "snapshot";
    readonly id: string;
    readonly spec: ChartSpec;
    readonly columns: Columns;
    readonly summary: Summary | null;
  }
  | { readonly op: "append"; readonly id: string; readonly rows: Columns }
  | {
    /** Replaces every row from `fromMs` on. */
    readonly op: "amend";
    readonly id: string;
    readonly fromMs: number;
    readonly rows: Columns;
  }
  | { readonly op: "summary"; readonly id: string; readonly summary: Summary }
  | { readonly op: "screen"; readonly id: string; readonly screen: ScreenUpdate }
  | { readonly op: "part"; readonly id: string; readonly content: PartContent }
  | { readonly op: "error"; readonly id: string | null; readonly error: Failure }
  | ({ readonly op: "heartbeat" } & Pulse);

/** Whether data still comes in. */
export interface Pulse {
  /** Whether the trades come from a simulated or replayed exchange. */
  readonly simulated: boolean;
  /** How long ago the database last changed, ms; `null` where there is none, or none that can be read. */
  readonly quietMs: number | null;
  /** Whether it is on a server that does not answer. */
  readonly isAway: boolean;
}
