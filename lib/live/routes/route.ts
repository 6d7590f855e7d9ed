import type { AlertRuleText } from "../../alerts/mod.ts";
import type { Downloads } from "../downloads.ts";
import type { FeedBook } from "../feed_book.ts";
import type { FileKeeper } from "./files.ts";
import type { ScreenBook } from "../screen_book.ts";
import type { Source } from "../source.ts";

/** What a page can have done beyond reading. */
export interface HubActions {
  /** Keeps files that are sent; absent where none are taken. */
  readonly files?: FileKeeper;
  /**
   * Puts and removes alert rules, by the ingest that writes the database.
   *
   * @returns The names of the removed rules that were there.
   * @throws {Error} If no ingest can do it; the message is for the person who asked.
   */
  changeAlerts(
    put: readonly AlertRuleText[],
    remove: readonly string[],
  ): Promise<readonly string[]>;
}

/** What a route may use. */
export interface RouteContext {
  readonly request: Request;
  /** The query of the address; of a name that comes twice the last counts. */
  readonly query: Readonly<Record<string, string>>;
  readonly source: Source;
  readonly book: FeedBook;
  readonly screens: ScreenBook;
  readonly downloads: Downloads;
  /** What can be done beyond reading; `null` for nothing. */
  readonly actions: HubActions | null;
  /** Aborted when the hub ends. */
  readonly ending: AbortSignal;
  /** How many sockets are open. */
  readonly connections: number;
}

/** Answers a GET request. */
export type Route = (context: RouteContext) => Response | Promise<Response>;

/** What a route that changes something may use. */
export interface ActionContext {
  /** The JSON that was sent. */
  readonly body: unknown;
  readonly actions: HubActions;
}

/** Answers a POST request. */
export type ActionRoute = (context: ActionContext) => Promise<Response>;
