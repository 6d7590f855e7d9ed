import type { ChartSpec, Columns, Thresholds } from "../charts/mod.ts";
import type { HedgeMethod, PairReading, PairVerdict, PriceScale } from "../pairs/mod.ts";

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

/** What a page asks for; `id` is its own choice and comes back with every answer. */
export type ClientMessage =
  | ({ readonly op: "subscribe"; readonly id: string } & (PairRequest | BarsRequest))
  | { readonly op: "unsubscribe"; readonly id: string };

/** What a chart is about beyond its rows. */
export interface Summary {
  /** The newest reading of a pair with the reason for what is absent; `null` without rows. */
  readonly reading: PairReading | null;
  /**
   * What the newest rows say of the pair as a whole; may be some seconds old, `null` until it is
   * made for the first time.
   */
  readonly verdict: PairVerdict | null;
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
  | { readonly op: "error"; readonly id: string | null; readonly error: Failure }
  | ({ readonly op: "heartbeat" } & Pulse);

/** Whether data still comes in. */
export interface Pulse {
  /** Whether the trades come from a simulated or replayed exchange. */
  readonly simulated: boolean;
  /** How long ago the database last changed, ms; `null` where there is no database yet. */
  readonly quietMs: number | null;
}
