import type { StreamKind } from "../../market/mod.ts";
import type { VenueAdapter, VenueWire } from "./adapter.ts";
import type { ExchangeClock } from "./exchange_clock.ts";
import type { Follow, Wire } from "./follow.ts";

/** How frames are interpreted. */
export interface InterpreterOptions {
  /** The code of the venue. */
  readonly venue: string;
  readonly streamKind: StreamKind;
  /** What a frame means. */
  readonly parse: VenueWire["parse"];
  /** Makes the chain of a symbol. */
  readonly chain: VenueAdapter["chain"];
  /** Whether missing ids can be fetched; where not, they are lost. */
  readonly repairs: boolean;
  /** How many trades may wait for missing ids, over all symbols. */
  readonly holdCapacity: number;
  /** How long they hold up a symbol, ms of exchange time. */
  readonly holdMs: number;
  /** How long ids that cannot be fetched may stay away before they are lost, ms. */
  readonly reorderMs: number;
  /** A stream without a first frame for so long is called silent, ms. */
  readonly silentMs: number;
  /** Tells the difference of the clocks. */
  readonly clock: Pick<ExchangeClock, "skewMs">;
  /** Called when ids begin to be missing that can be fetched. */
  readonly onMissing: (follow: Follow) => void;
  /** Called when the exchange announces that it will close a socket. */
  readonly onShutdown: (wire: Wire) => void;
}
