import type { FeedOptions } from "../venue/options.ts";
import type { CcxtInstrument } from "./instruments.ts";
import type { CcxtRest } from "./rest.ts";

/** What a feed through ccxt follows and how. */
export interface CcxtFeedOptions extends FeedOptions {
  /** What ccxt calls the venue, in lower case. */
  readonly venue: string;
  /** What the venue lists, by symbol; what is not in it is refused. */
  readonly instruments: ReadonlyMap<string, CcxtInstrument>;
  /** Whether the venue gives trades over REST: else whatever was missed is lost. @default {true} */
  readonly givesTrades?: boolean;
  /** Where the gateway is; ignored when `rest` is given. @default {"http://127.0.0.1:8790"} */
  readonly url?: string;
  /** A client to share. @default {a new one} */
  readonly rest?: CcxtRest;
  /** How often at least the newest trades are compared with those that the socket told, ms. @default {60_000} */
  readonly checkMs?: number;
}
