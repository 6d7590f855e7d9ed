import type { VenueWire } from "../venue/adapter.ts";
import { type CcxtFrames, parseCcxtFrame } from "./message.ts";

const CONTROL_SPACING_MS = 50;
/** How many symbols are asked for in one frame. */
const BATCH = 100;
/** Signs of life come without being asked for. */
const HEARTBEAT = "signs of life";

/** How the gateway to ccxt is spoken to. `topicOf` tells what ccxt calls a symbol. */
export function ccxtWire(
  baseUrl: string,
  frames: CcxtFrames,
  topicOf: (symbol: string) => string,
): VenueWire {
  return {
    url: `${baseUrl.replace(/^http/, "ws")}/${frames.venue}`,
    heartbeat: HEARTBEAT,
    controlSpacingMs: CONTROL_SPACING_MS,
    ping: null,
    topic: topicOf,
    batches: (topics) =>
      Array.from(
        { length: Math.ceil(topics.length / BATCH) },
        (_, k) => topics.slice(k * BATCH, (k + 1) * BATCH),
      ),
    request: (op, topics, id) =>
      JSON.stringify({ op, id, symbols: topics.filter((topic) => topic !== HEARTBEAT) }),
    isAnswer: (text) => text.startsWith('{"id"'),
    parse: (text, receivedMs) => parseCcxtFrame(text, receivedMs, frames),
  };
}
