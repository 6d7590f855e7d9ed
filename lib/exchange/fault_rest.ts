import { pick } from "./fault_frame.ts";
import type { FaultSource } from "./fault_line.ts";

/** Between the pieces of a slow body at most, ms. */
const MOST_PIECE_MS = 400;
const PIECES = 8;
const ENCODER = new TextEncoder();

/** What a refusal tells: the venue's code and words, and when to come again. */
function refusal(status: number, code: number, msg: string, retryAfterSeconds?: number): Response {
  const headers = retryAfterSeconds === undefined
    ? {}
    : { "retry-after": String(retryAfterSeconds) };
  return Response.json({ code, msg }, { status, headers });
}

/** A body that comes in pieces. */
function slow(body: string, pieceMs: number): ReadableStream<Uint8Array> {
  const bytes = ENCODER.encode(body);
  const size = Math.ceil(bytes.length / PIECES);
  let sent = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isCancelled = false;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      return new Promise((resolve) => {
        timer = setTimeout(() => {
          controller.enqueue(bytes.subarray(sent, sent + size));
          sent += size;
          // Whoever is gone is found out while the piece is handed over.
          if (sent >= bytes.length && !isCancelled) controller.close();
          resolve();
        }, pieceMs);
      });
    },
    cancel() {
      isCancelled = true;
      clearTimeout(timer);
    },
  });
}

/** An answer that is shorter than it says, whereupon the connection breaks. */
function truncated(body: string, headers: Headers): Response {
  const bytes = ENCODER.encode(body);
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes.subarray(0, bytes.length / 2));
      controller.close();
    },
  });
  const promised = new Headers(headers);
  promised.set("content-length", String(bytes.length));
  return new Response(stream, { headers: promised });
}

/** The rows of a page that are left when some are left out. */
function thinned(body: string, symbol: string, { log, happens }: FaultSource): string {
  const rows: unknown = JSON.parse(body);
  if (!Array.isArray(rows)) return body;
  const kept = rows.filter(({ a }) => {
    if (typeof a !== "number") return true;
    const trade = { kind: "aggTrade", symbol, tradeId: a } as const;
    if (log.isVanished(trade, () => happens("vanish"))) return false;
    if (!happens("rest-miss")) return true;
    log.count("rest-miss");
    return false;
  });
  return JSON.stringify(kept);
}

/** The answer to the question of the time, by a clock that may be off. */
function timed(body: string, offsetMs: number): string {
  return body.replace(/"serverTime":(\d+)/, (_, time) => `"serverTime":${Number(time) + offsetMs}`);
}

/**
 * Lets random faults happen to a REST answer about trades or the time; others pass, as who cannot
 * learn what is traded cannot begin.
 */
export async function faultyAnswer(
  response: Response,
  url: URL,
  source: FaultSource,
): Promise<Response> {
  if (!/\/(aggTrades|history-trades|recent-trade|time)$/.test(url.pathname)) return response;
  const { happens, draw, log, clock } = source;
  const { status, headers } = response;
  const text = await response.text();
  const symbol = url.searchParams.get("symbol");
  const body = status !== 200
    ? text
    : symbol === null
    ? timed(text, clock.offsetMs)
    : thinned(text, symbol, source);
  if (happens("rest-429")) {
    log.count("rest-429");
    return refusal(429, -1003, "Too many requests.", 1);
  }
  if (happens("rest-418")) {
    log.count("rest-418");
    return refusal(418, -1003, "Way too many requests; IP banned.", 1);
  }
  if (happens("rest-451")) {
    log.count("rest-451");
    return refusal(451, 0, "Service unavailable from a restricted location.");
  }
  if (happens("rest-5xx")) {
    log.count("rest-5xx");
    return pick([
      () => refusal(503, -1008, "Server is currently overloaded. Please try again later."),
      () => new Response("<html>502 Bad Gateway</html>", { status: 502 }),
      () => refusal(408, -1007, "Timeout waiting for response from backend server."),
    ], draw)();
  }
  if (happens("rest-garble")) {
    log.count("rest-garble");
    return new Response(body.slice(0, -1 - Math.floor(draw() * body.length / 2)), { headers });
  }
  if (happens("rest-truncate")) {
    log.count("rest-truncate");
    return truncated(body, headers);
  }
  if (happens("rest-slow")) {
    log.count("rest-slow");
    return new Response(slow(body, MOST_PIECE_MS * draw()), { status, headers });
  }
  return new Response(body, { status, headers });
}
