/**
 * A worker that sends aggregate-trade frames as fast as a socket takes them, once everything is
 * subscribed. `?symbols=…&count=…` of its own URL say which.
 *
 * @module
 */
import { frameOf, seededTrades } from "./seeded_trades.ts";

const url = new URL(import.meta.url);
const count = Number(url.searchParams.get("count"));
const symbols = Number(url.searchParams.get("symbols"));
const frames = seededTrades({ symbols, count, perSecond: 20_000 }).map(frameOf);
const FULL_BYTES = 4 * 2 ** 20;

function blast(socket: WebSocket): void {
  let k = 0;
  const more = () => {
    while (k < frames.length && socket.bufferedAmount < FULL_BYTES) socket.send(frames[k++]!);
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
self.postMessage(server.addr.port);
