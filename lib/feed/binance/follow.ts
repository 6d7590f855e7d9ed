import type { FeedEvent, StreamState } from "../feed.ts";
import type { Sequencer } from "./sequencer.ts";
import type { Watermark } from "./watermark.ts";

/** A connection as far as the meaning of its frames is concerned. */
export interface Lane {
  /** The symbols it carries. */
  readonly symbols: ReadonlySet<string>;
  /** How far its exchange time has come. */
  readonly watermark: Watermark;
}

/** A frame on its way from the socket to the reader. */
export interface Frame {
  readonly lane: Lane;
  readonly text: string;
  /** Local time of receipt, ms since the epoch. */
  readonly receivedMs: number;
}

/** Something that has to happen between two frames, in order with them. */
export type Action = (out: FeedEvent[]) => void;

/** A symbol and everything known of its stream. */
export interface Follow {
  readonly symbol: string;
  readonly lane: Lane;
  readonly sequencer: Sequencer;
  state: StreamState;
  /** When the subscription was sent on the present connection, local ms. */
  subscribedMs: number | null;
  /** Since when ids are missing, local ms; `null` while none is. */
  missingSinceMs: number | null;
}
