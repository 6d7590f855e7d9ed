/**
 * A process that sends aggregate-trade frames at a steady rate once everything is subscribed:
 * `deno run -A paced_sender.ts RATE SECONDS SYMBOLS`. Prints its port. A client that goes away may
 * come again.
 *
 * @module
 */
// deno-lint-ignore-file no-console -- it prints its port
import { frameOf, seededTrades } from "./seeded_trades.ts";

const [rate = 0, seconds = 0, symbols = 0] = Deno.args.map(Number);
const trades = seededTrades({ symbols, count: rate * seconds, perSecond: rate });
const frames = trades.map(frameOf);

function pace(socket: WebSocket): void {
  const startMs = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    if (socket.readyState !== WebSocket.OPEN) return clearInterval(timer);
    const due = Math.min(frames.length, Math.floor((performance.now() - startMs) * rate / 1_000));
    while (sent < due) socket.send(frames[sent++]!);
    if (sent === frames.length) clearInterval(timer);
  }, 1);
}

const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
  if (request.headers.get("upgrade") !== "websocket") {
    return Response.json({ serverTime: trades[0]!.timeMs });
  }
  const { socket, response } = Deno.upgradeWebSocket(request);
  const subscribed = new Set<string>();
  socket.onmessage = ({ data }) => {
    const { params = [], id } = JSON.parse(data);
    for (const name of params) if (name.endsWith("@aggTrade")) subscribed.add(name);
    socket.send(JSON.stringify({ result: null, id }));
    if (subscribed.size === symbols) pace(socket);
  };
  return response;
});
console.log(server.addr.port);
