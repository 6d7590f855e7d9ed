import { checkedUrl } from "../checked_url.ts";
import type { VenueWire } from "../venue/adapter.ts";
import { bybitFrameParser } from "./message.ts";
import { BYBIT_WS_URL, bybitNameOf } from "./names.ts";
import type { BybitFeedOptions } from "./options.ts";

/** Twenty control frames a second; the venue names no limit. */
const CONTROL_SPACING_MS = 50;
/** What the venue asks for. */
const PING_MS = 20_000;

/**
 * How Bybit speaks on its public sockets of linear contracts.
 *
 * @throws {TypeError} If the address has not the form it needs.
 */
export function bybitWire(
  { wsUrl = BYBIT_WS_URL, heartbeatSymbol = "bybit:BTCUSDT" }: Pick<
    BybitFeedOptions,
    "wsUrl" | "heartbeatSymbol"
  >,
): VenueWire {
  return {
    url: `${checkedUrl(wsUrl, "wsUrl", ["ws:", "wss:"])}/v5/public/linear`,
    heartbeat: `tickers.${bybitNameOf(heartbeatSymbol)}`,
    controlSpacingMs: CONTROL_SPACING_MS,
    ping: { text: '{"op":"ping"}', everyMs: PING_MS },
    topic: (symbol) => `publicTrade.${bybitNameOf(symbol)}`,
    // One by one: a name that the venue does not know is refused with all that came with it.
    batches: (topics) => topics.map((topic) => [topic]),
    request: (action, topics, id) =>
      JSON.stringify({ req_id: String(id), op: action, args: topics }),
    isAnswer: (text) => text.startsWith('{"success"') || text.startsWith('{"op"'),
    parse: bybitFrameParser(),
  };
}
