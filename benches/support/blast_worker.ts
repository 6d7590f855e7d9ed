/**
 * Sends aggregate-trade frames once everything is subscribed: as fast as a connection takes them,
 * many in a write, so that the sender is not what is measured; or at a rate, each in a write of its
 * own, as an exchange sends them. A worker, and a program whose first line tells the port. The query
 * of its URL, or its argument, says what: `?symbols=…&count=…&rate=…`.
 *
 * @module
 */
import { createServer } from "node:http";
import type { Socket } from "node:net";
import { type WebSocket, WebSocketServer } from "npm:ws@8.21.1";
import { frameOf, seededTrades } from "./seeded_trades.ts";

const isWorker = "WorkerGlobalScope" in globalThis;
const query = new URLSearchParams(isWorker ? new URL(import.meta.url).search : Deno.args[0]);
const count = Number(query.get("count"));
const symbols = Number(query.get("symbols"));
const ratePerMs = Number(query.get("rate") ?? Infinity) / 1_000;
/** Frames in a write when nothing holds them back. */
const AT_ONCE = ratePerMs === Infinity ? 256 : 1;
const FULL_BYTES = 4 * 2 ** 20;
const writes = wireFrames();

/** The frames as they go over the wire: texts of 126 to 65,535 bytes, unmasked. */
function wireFrames(): Uint8Array[] {
  const texts = seededTrades({ symbols, count, perSecond: 20_000 }).map((trade) => {
    const text = new TextEncoder().encode(frameOf(trade));
    return [0x81, 126, text.length >> 8, text.length & 255, ...text];
  });
  return Array.from(
    { length: Math.ceil(count / AT_ONCE) },
    (_, k) => Uint8Array.from(texts.slice(k * AT_ONCE, (k + 1) * AT_ONCE).flat()),
  );
}

function blast(socket: Socket): void {
  let k = 0;
  const startMs = performance.now();
  const more = () => {
    const due = Math.min(writes.length, ratePerMs * (performance.now() - startMs + 1));
    while (k < due && socket.writableLength < FULL_BYTES) socket.write(writes[k++]!);
    if (k < writes.length && !socket.destroyed) setTimeout(more, 1);
  };
  more();
}

const http = createServer((_, response) => response.end('{"serverTime":1790000000000}'));
new WebSocketServer({ server: http, perMessageDeflate: false }).on(
  "connection",
  (client: WebSocket, request: { readonly socket: Socket }) => {
    const subscribed = new Set<string>();
    client.on("error", () => {});
    client.on("message", (data: unknown) => {
      const { params = [], id } = JSON.parse(String(data));
      for (const name of params) if (name.endsWith("@aggTrade")) subscribed.add(name);
      client.send(JSON.stringify({ result: null, id }));
      if (subscribed.size === symbols) blast(request.socket);
    });
  },
);
http.listen(0, "127.0.0.1", () => {
  const { port } = http.address() as { port: number };
  if (isWorker) (self as unknown as Worker).postMessage(port);
  // deno-lint-ignore no-console -- a process of its own answers on standard output
  else console.log(port);
});
