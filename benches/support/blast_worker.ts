/**
 * Sends aggregate-trade frames once everything is subscribed: as fast as a socket takes them, or at
 * a rate. A worker, and a program whose first line tells the port. The query of its URL, or its
 * argument, says what: `?symbols=…&count=…&rate=…`.
 *
 * @module
 */
import { frameOf, seededTrades } from "./seeded_trades.ts";

const isWorker = "WorkerGlobalScope" in globalThis;
const query = new URLSearchParams(isWorker ? new URL(import.meta.url).search : Deno.args[0]);
const count = Number(query.get("count"));
const symbols = Number(query.get("symbols"));
const ratePerMs = Number(query.get("rate") ?? Infinity) / 1_000;
const frames = seededTrades({ symbols, count, perSecond: 20_000 }).map(frameOf);
const FULL_BYTES = 4 * 2 ** 20;

function blast(socket: WebSocket): void {
  let k = 0;
  const startMs = performance.now();
  const more = () => {
    const due = Math.min(frames.length, ratePerMs * (performance.now() - startMs + 1));
    while (k < due && socket.bufferedAmount < FULL_BYTES) socket.send(frames[k++]!);
    if (k < frames.length && socket.readyState === WebSocket.OPEN) setTimeout(more, 1);
  };
  more();
}

const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
  if (request.headers.get("upgrade") !== "websocket") {
    return Response.json({ serverTime: 1_790_000_000_000 });
  }
  const { socket, response } = Deno.upgradeWebSocket(request);
  const subscribed = new Set<string>();
  socket.onmessage = ({ data }) => {
    const { params = [], id } = JSON.parse(data);
    for (const name of params) if (name.endsWith("@aggTrade")) subscribed.add(name);
    socket.send(JSON.stringify({ result: null, id }));
    if (subscribed.size === symbols) blast(socket);
  };
  return response;
});
if (isWorker) (self as unknown as Worker).postMessage(server.addr.port);
// deno-lint-ignore no-console -- a process of its own answers on standard output
else console.log(server.addr.port);
