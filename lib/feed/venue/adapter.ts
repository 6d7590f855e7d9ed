import type { StreamKind } from "../../market/mod.ts";
import type { Chain } from "../chain/chain.ts";
import type { HoldBudget, MissingIds, Sequenced } from "../chain/sequenced.ts";
import type { ParsedFrame } from "../parsed_frame.ts";
import type { RestError } from "../rest_error.ts";
import type { Shards } from "../sockets/shards.ts";
import type { ChainEnd } from "./follow.ts";
import type { Inbox } from "./inbox.ts";
import type { Interpreter } from "./interpreter.ts";

/** How a venue speaks on its sockets. */
export interface VenueWire {
  /** The address of its sockets. */
  readonly url: string;
  /** A topic that never rests, subscribed first: a socket without data is dead. */
  readonly heartbeat: string;
  /** Between control frames, ms. */
  readonly controlSpacingMs: number;
  /** What a client has to send now and then to be kept; `null` where the protocol does it. */
  readonly ping: { readonly text: string; readonly everyMs: number } | null;
  /** The topic that carries the trades of a symbol. */
  topic(symbol: string): string;
  /** Splits topics into lists that fit one control frame each. */
  batches(topics: readonly string[]): string[][];
  /** The control frame that begins or ends subscriptions. */
  request(action: "subscribe" | "unsubscribe", topics: readonly string[], id: number): string;
  /** Whether a frame answers a control frame or a ping: it proves that somebody is there, no more. */
  isAnswer(text: string): boolean;
  /** What a frame means; a list where it holds several trades, or none. */
  parse(text: string, receivedMs: number): ParsedFrame | readonly ParsedFrame[];
}

/** Who tells a venue's time. */
export interface TimeTeller {
  /** The venue's time, ms since the epoch. @throws {RestError} If it does not tell. */
  time(signal?: AbortSignal): Promise<number>;
}

/** What one question for missing ids brought. */
export interface Answer {
  readonly items: readonly Sequenced[];
  /** The answer tells of every id from the first one asked for to this one; `null`: to its last row. */
  readonly untilId?: number | null;
  /** The venue keeps no trade before this id any more; `null` where it did not say so. */
  readonly oldestId: number | null;
  /** When that one was traded, ms since the epoch, where ids tell a person nothing. */
  readonly oldestMs?: number | null;
}

/** Who has the trades that a stream did not tell. */
export interface MissingTrades {
  /** How far back, for a sentence: "the 48 hours that REST gives". */
  readonly reach: string;
  /**
   * Asks once for missing ids, or for all from the first to the last of several runs.
   *
   * @param attempt How often the first one was asked for in vain.
   */
  ask(
    symbol: string,
    missing: MissingIds,
    attempt: number,
    signal: AbortSignal,
  ): Promise<Answer | RestError>;
}

/** Who tells of trades beside the streams, so that a dead stream is told from a quiet one. */
export interface NewestTrades {
  /**
   * The ids of the last single trades of symbols; those that do not trade any more are left out.
   *
   * @throws {RestError} If the venue does not tell.
   */
  lastIds(symbols: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, number>>;
  /**
   * The newest trade of a symbol as its chain counts; `null` without any, `unknown` where nobody
   * tells.
   *
   * @throws {RestError} If the venue does not tell.
   */
  newest(symbol: string, signal: AbortSignal): Promise<Sequenced | "unknown" | null>;
}

/** The parts of a running feed, for what a venue does beside it. */
export interface FeedParts {
  readonly interpreter: Interpreter;
  readonly inbox: Inbox;
  readonly shards: Shards;
  readonly signal: AbortSignal;
}

/** Everything that makes a feed the feed of one venue: what a venue's folder is there to give. */
export interface VenueAdapter {
  /** The code of the venue. */
  readonly venue: string;
  readonly streamKind: StreamKind;
  readonly wire: VenueWire;
  readonly clock: TimeTeller;
  /** `null` where missing ids are lost. */
  readonly missing: MissingTrades | null;
  /** `null` where nobody tells. */
  readonly newest: NewestTrades | null;
  /** Makes the chain of a symbol, which goes on where one ended. */
  chain(symbol: string, end: ChainEnd, budget: HoldBudget): Chain;
  /** What else is done while the feed runs. Never fails but with the signal's reason. */
  beside?(parts: FeedParts): Promise<void>;
}
