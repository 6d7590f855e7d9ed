import type { Gap, Trade } from "../../market/mod.ts";
import type { FeedEvent, StreamState } from "../feed.ts";
import type { Handover } from "../sockets/handover.ts";
import type { LagWatch } from "../sockets/lag_watch.ts";
import type { RecentLatency } from "./recent_latency.ts";
import type { Chain } from "../chain/chain.ts";
import type { Watermark } from "../chain/watermark.ts";

/** What carries some symbols, as far as the meaning of its frames is concerned. */
export interface Lane {
  /** The symbols it carries. */
  readonly symbols: ReadonlySet<string>;
  /** How far its exchange time has come. */
  readonly watermark: Watermark;
}

/** One socket of a lane; while one takes the place of another, or for safety, a lane has two. */
export interface Wire {
  readonly lane: Lane;
  /** How far its frames come late. */
  readonly lag: LagWatch;
  /** While it takes the place of another socket, or another takes its place. */
  readonly handover: Handover<Wire> | null;
}

/** A frame on its way from the socket to the reader. */
export interface Frame {
  readonly wire: Wire;
  readonly text: string;
  /** Local time of receipt, ms since the epoch. */
  readonly receivedMs: number;
}

/** Something that has to happen between two frames, in order with them. */
export type Action = (out: FeedEvent[]) => void;

/** Where the chain of ids of a symbol ends, and what it lacks before. */
export interface ChainEnd {
  /** The last known id; `null` before the first. */
  readonly lastId: number | null;
  /** Gaps whose ids are still to be fetched, in id order. */
  readonly openGaps: readonly Gap[];
  /** The newest known trades, in id order, where ids are not counted. */
  readonly recent: readonly Trade[];
  /** In place of them: up to this id everything is known, of those after it nothing; or `null`. */
  readonly sureId?: number | null;
}

/** A symbol and everything known of its stream. */
export interface Follow {
  readonly symbol: string;
  readonly lane: Lane;
  readonly chain: Chain;
  /** How long its frames take to arrive. */
  readonly latency: RecentLatency;
  state: StreamState;
  /** When the subscription was first sent since the lane has a connection, local ms. */
  subscribedMs: number | null;
  /** When its last frame came, local ms. */
  lastFrameMs: number | null;
  /** Id of the last single trade that a frame told of, which the exchange's tickers tell as well. */
  lastFillId: number | null;
  /** Since when ids are missing, local ms; `null` while none is. */
  missingSinceMs: number | null;
}
