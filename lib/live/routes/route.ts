import type { FeedBook } from "../feed_book.ts";
import type { ScreenBook } from "../screen_book.ts";
import type { Source } from "../source.ts";

/** What a route may use. */
export interface RouteContext {
  readonly request: Request;
  /** The query of the address; of a name that comes twice the last counts. */
  readonly query: Readonly<Record<string, string>>;
  readonly source: Source;
  readonly book: FeedBook;
  readonly screens: ScreenBook;
  /** Aborted when the hub ends. */
  readonly ending: AbortSignal;
  /** How many sockets are open. */
  readonly connections: number;
}

/** Answers a GET request. */
export type Route = (context: RouteContext) => Response | Promise<Response>;
