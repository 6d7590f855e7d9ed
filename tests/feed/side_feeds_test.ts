import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { startExchange } from "../../lib/exchange/mod.ts";
import { BinanceRest, markFeed, type NumberedQuote, quoteFeed } from "../../lib/feed/mod.ts";
import type { Mark, QuarantinedFrame } from "../../lib/market/mod.ts";

Deno.test("markFeed() tells each second of the followed symbols once, over a connection that is cut", async () => {
  const sockets = new Set<{ close(code: number, reason: string): void }>();
  let corrupt = 1;
  await using exchange = await startExchange({
    source: { seed: 3, symbols: 3, ratePerSecond: 20, historyMs: 1_000 },
    faults: {
      connect(socket) {
        sockets.add(socket);
        return {
          send({ text, stream }) {
            socket.send(text);
            // All of it twice, as two sockets in a handover tell it; and one that nobody can read.
            socket.send(text);
            if (stream === "ethusdt@markPrice@1s" && corrupt-- > 0) {
              socket.send(text.replace(/"p":"[^"]*"/, '"p":"?"'));
            }
          },
          closed: () => sockets.delete(socket),
        };
      },
    },
  });
  const stop = new AbortController();
  const { wsUrl, restUrl } = exchange;
  const rest = new BinanceRest({ baseUrl: restUrl });
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(60_000)]);
  const feed = markFeed({ wsUrl, rest, signal });
  feed.follow(new Set(["ETHUSDT"]));
  const marks: Mark[] = [];
  const aside: QuarantinedFrame[] = [];
  const seconds = (symbol: string) => marks.filter((mark) => mark.symbol === symbol).length;
  let wasCut = false;
  for await (const events of feed) {
    for (const event of events) {
      if (event.kind === "row") marks.push(event.row);
      if (event.kind === "quarantine") aside.push(event.frame);
    }
    if (!wasCut && seconds("ETHUSDT") >= 2) {
      wasCut = true;
      feed.follow(new Set(["ETHUSDT", "SOLUSDT"]));
      for (const socket of sockets) socket.close(1011, "gone");
    }
    if (seconds("SOLUSDT") >= 2) stop.abort();
  }
  deepStrictEqual([...new Set(marks.map(({ symbol }) => symbol))].sort(), ["ETHUSDT", "SOLUSDT"]);
  const keys = marks.map(({ symbol, timeMs }) => `${symbol} ${timeMs}`);
  strictEqual(new Set(keys).size, keys.length);
  ok(marks.every(({ timeMs, nextFundingMs }) => timeMs % 1_000 === 0 && nextFundingMs! > timeMs));
  deepStrictEqual(aside.map(({ symbol, reason }) => [symbol, reason]), [["ETHUSDT", "wrong type"]]);
  strictEqual(feed.dropped, 0);
  // One that was not followed was heard of as well: it shows that the socket is alive.
  strictEqual(seconds("BTCUSDT"), 0);
});

Deno.test("quoteFeed() tells of each second what was told last in it", async () => {
  await using exchange = await startExchange({
    source: { seed: 3, symbols: 2, ratePerSecond: 60, historyMs: 1_000 },
  });
  const { wsUrl, restUrl } = exchange;
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(60_000)]);
  const last = new Map<string, number>();
  let frames = 0;
  const feed = quoteFeed({
    ...{ wsUrl, signal, rest: new BinanceRest({ baseUrl: restUrl }) },
    onFrame(text) {
      const { data } = JSON.parse(text);
      if (data?.e !== "bookTicker") return;
      frames++;
      last.set(`${data.s} ${Math.floor(data.T / 1_000) * 1_000}`, data.u);
    },
  });
  feed.follow(new Set(["ETHUSDT", "BTCUSDT"]));
  const quotes: NumberedQuote[] = [];
  for await (const events of feed) {
    for (const event of events) if (event.kind === "row") quotes.push(event.row);
    if (new Set(quotes.map(({ timeMs }) => timeMs)).size >= 3) stop.abort();
  }
  const key = ({ symbol, timeMs }: NumberedQuote) => `${symbol} ${timeMs}`;
  strictEqual(new Set(quotes.map(key)).size, quotes.length);
  deepStrictEqual(quotes.map((q) => q.updateId), quotes.map((q) => last.get(key(q))));
  ok(frames > quotes.length, `${frames} frames, ${quotes.length} quotes`);
});
