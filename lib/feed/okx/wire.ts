import { checkedUrl } from "../checked_url.ts";
import type { VenueWire } from "../venue/adapter.ts";
import { parseOkxFrame, PONG } from "./message.ts";
import { instIdOf, OKX_WS_URL } from "./names.ts";
import type { OkxFeedOptions } from "./options.ts";
import type { ContractSizes } from "./trade_row.ts";

/** Every single trade in a row of its own, its id the one before plus one. */
const TRADES = "trades-all";
/** A channel of the same socket that never rests. */
const HEARTBEAT = "candle1s";

/** Two control frames a second; the venue takes 480 requests an hour on a connection. */
const CONTROL_SPACING_MS = 500;
/** The venue ends a connection that was silent for 30 s. */
const PING_MS = 20_000;
/** Far below the 64 kB that a request may have. */
const MOST_TOPICS = 200;

/**
 * How OKX speaks on the sockets that carry single trades.
 *
 * @throws {TypeError} If the address has not the form it needs.
 */
export function okxWire(
  { wsUrl = OKX_WS_URL, heartbeatSymbol = "okx:BTC-USDT-SWAP" }: Pick<
    OkxFeedOptions,
    "wsUrl" | "heartbeatSymbol"
  >,
  contractSizes: ContractSizes,
): VenueWire {
  return {
    url: `${checkedUrl(wsUrl, "wsUrl", ["ws:", "wss:"])}/ws/v5/business`,
    heartbeat: topic(HEARTBEAT, heartbeatSymbol),
    controlSpacingMs: CONTROL_SPACING_MS,
    ping: { text: "ping", everyMs: PING_MS },
    topic: (symbol) => topic(TRADES, symbol),
    batches: (topics) =>
      Array.from(
        { length: Math.ceil(topics.length / MOST_TOPICS) },
        (_, k) => topics.slice(k * MOST_TOPICS, (k + 1) * MOST_TOPICS),
      ),
    request: (action, topics, id) =>
      JSON.stringify({ id: String(id), op: action, args: topics.map(argOf) }),
    isAnswer: (text) => text === PONG || text.startsWith('{"event"') || text.startsWith('{"id"'),
    parse: (text, receivedMs) => parseOkxFrame(text, contractSizes, receivedMs),
  };
}

function topic(channel: string, symbol: string): string {
  return `${channel}/${instIdOf(symbol)}`;
}

function argOf(topic: string): { readonly channel: string; readonly instId: string } {
  const [channel, instId] = topic.split("/");
  return { channel: channel!, instId: instId! };
}
