import type { StreamKind } from "../../market/mod.ts";
import type { VenueWire } from "../venue/adapter.ts";
import { parseFrame } from "./message.ts";
import type { BinanceFeedOptions } from "./options.ts";
import { BINANCE_WS_URL, controlBatches, routeOf, socketUrl, streamName } from "./urls.ts";

/** Five control frames a second: half of what the exchange takes. */
const CONTROL_SPACING_MS = 200;

/**
 * How Binance speaks on the sockets of a kind of trades.
 *
 * @throws {TypeError} If the address has not the form it needs.
 */
export function binanceWire(
  { wsUrl = BINANCE_WS_URL, heartbeatSymbol = "BTCUSDT" }: Pick<
    BinanceFeedOptions,
    "wsUrl" | "heartbeatSymbol"
  >,
  streamKind: StreamKind,
): VenueWire {
  const route = routeOf(streamKind);
  return {
    url: socketUrl(wsUrl, route),
    heartbeat: streamName(heartbeatSymbol, route === "market" ? "markPrice@1s" : "bookTicker"),
    controlSpacingMs: CONTROL_SPACING_MS,
    // The exchange pings, and the runtime answers.
    ping: null,
    topic: (symbol) => streamName(symbol, streamKind),
    batches: controlBatches,
    request: (action, params, id) => JSON.stringify({ method: action.toUpperCase(), params, id }),
    isAnswer,
    parse: (text, receivedMs) => parseFrame(text, streamKind, receivedMs),
  };
}

function isAnswer(text: string): boolean {
  return text.startsWith('{"result"') || text.startsWith('{"error"') || text.startsWith('{"id"');
}
