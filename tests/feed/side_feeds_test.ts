import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  type ExchangeFaults,
  type FaultSocket,
  type OutgoingFrame,
  startExchange,
} from "../../lib/exchange/mod.ts";
import { BinanceRest, markFeed, type NumberedQuote, quoteFeed } from "../../lib/feed/mod.ts";
import type { Mark, QuarantinedFrame } from "../../lib/market/mod.ts";

Deno.test("markFeed() tells each second of the followed symbols once, over a connection that is cut", async () => {
  const sockets = new Set<{ close(code: number, reason: string): void }>();
  let corrupt = 5;
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
            for (; stream === "ethusdt@markPrice@1s" && corrupt > 0; corrupt--) {
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
  // Of those that came within a second one is enough to tell; they may have come in two.
  ok(aside.length === 1 || aside.length === 2);
  strictEqual(aside.length + feed.leftOut, 5);
  ok(aside.every(({ symbol, reason }) => symbol === "ETHUSDT" && reason === "wrong type"));
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

/** What becomes of the frames of each connection, the first of them 0. */
function lines(
  send: (frame: OutgoingFrame, socket: FaultSocket, connection: number) => void,
): ExchangeFaults {
  let connections = 0;
  return {
    connect(socket) {
      const connection = connections++;
      return { send: (frame) => send(frame, socket, connection), closed() {} };
    },
  };
}

/** Reads the quotes of some symbols until they are enough. */
async function readQuotes(
  faults: ExchangeFaults,
  isEnough: (quotes: readonly NumberedQuote[]) => boolean,
  options: { symbolsPerSocket?: number; quietMs?: number; onFrame?: (text: string) => void } = {},
): Promise<NumberedQuote[]> {
  await using exchange = await startExchange({
    source: { seed: 3, symbols: 2, ratePerSecond: 60, historyMs: 1_000 },
    faults,
  });
  const { wsUrl, restUrl } = exchange;
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(60_000)]);
  const rest = new BinanceRest({ baseUrl: restUrl });
  const feed = quoteFeed({ wsUrl, signal, rest, ...options });
  feed.follow(new Set(["BTCUSDT", "ETHUSDT"]));
  const quotes: NumberedQuote[] = [];
  for await (const events of feed) {
    for (const event of events) if (event.kind === "row") quotes.push(event.row);
    if (isEnough(quotes)) stop.abort();
  }
  return quotes;
}

function secondIn(text: string): number {
  return Math.floor(JSON.parse(text).data.T / 1_000) * 1_000;
}

Deno.test("quoteFeed() takes the end of a second from the socket of a symbol, not from others", async () => {
  const last = new Map<string, number>();
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const faults = lines(({ stream, text }, socket, connection) => {
    if (connection === 0 || stream === null) socket.send(text);
    else timers.add(setTimeout(() => socket.send(text), 3_500));
  });
  const quotes = await readQuotes(
    faults,
    (read) => read.filter(({ symbol }) => symbol === "ETHUSDT").length >= 3,
    {
      symbolsPerSocket: 1,
      onFrame(text) {
        const { data } = JSON.parse(text);
        if (data?.e !== "bookTicker") return;
        const key = `${data.s} ${secondIn(text)}`;
        last.set(key, Math.max(data.u, last.get(key) ?? 0));
      },
    },
  );
  for (const timer of timers) clearTimeout(timer);
  deepStrictEqual(
    quotes.map(({ updateId }) => updateId),
    quotes.map(({ symbol, timeMs }) => last.get(`${symbol} ${timeMs}`)),
  );
});

Deno.test("quoteFeed() tells nothing of the second in which its connection was lost", async () => {
  let lostMs = Infinity;
  let firstMs = Infinity;
  const faults = lines(({ stream, text }, socket, connection) => {
    if (stream === null) return socket.send(text);
    const second = secondIn(text);
    if (connection > 0) {
      if (second >= lostMs + 3_000) socket.send(text);
      return;
    }
    firstMs = Math.min(firstMs, second);
    if (lostMs < Infinity) return;
    socket.send(text);
    if (stream === "ethusdt@bookTicker" && second >= firstMs + 2_000) {
      lostMs = second;
      socket.close(1011, "gone");
    }
  });
  const quotes = await readQuotes(faults, (read) => read.some(({ timeMs }) => timeMs > lostMs));
  const times = quotes.map(({ timeMs }) => timeMs);
  ok(times.some((timeMs) => timeMs < lostMs), times.join());
  ok(!times.includes(lostMs), `${times.join()}, lost in ${lostMs}`);
});

Deno.test("quoteFeed() tells again what stands while other frames come, and only for so long", async () => {
  let startMs: number | null = null;
  let told = 0;
  let isFirst = true;
  /** The exchange's time goes 30 times as fast as ours. */
  const faults = lines(({ stream, text }, socket) => {
    if (stream === null) return socket.send(text);
    if (stream === "ethusdt@bookTicker" && !isFirst) return;
    const { T, u } = JSON.parse(text).data;
    startMs ??= T as number;
    const fastMs = startMs + 30 * (T - startMs);
    if (stream === "ethusdt@bookTicker") {
      isFirst = false;
      told = u;
    }
    socket.send(text.replace(/"T":\d+/, `"T":${fastMs}`));
  });
  const quotes = await readQuotes(
    faults,
    (read) => read.length > 0 && read.at(-1)!.timeMs > startMs! + 180_000,
    { quietMs: 90_000 },
  );
  const standing = quotes.filter(({ symbol }) => symbol === "ETHUSDT");
  ok(standing.length >= 2 && standing.length <= 4, JSON.stringify(standing));
  ok(standing.every(({ updateId, timeMs }) => updateId === told && timeMs % 1_000 === 0));
  const [first] = standing;
  for (const [k, { timeMs }] of standing.entries()) {
    ok(k === 0 || timeMs - standing[k - 1]!.timeMs >= 30_000);
    ok(timeMs - first!.timeMs <= 90_000);
  }
});

Deno.test.each(
  [
    // Three answers: it was subscribed, its subscription ended, and it was subscribed anew.
    [
      "on the same connection",
      (answers: number, connection: number) => connection > 0 || answers > 2,
    ],
    ["on another one if that does not help", (_: number, connection: number) => connection > 0],
  ] as const,
)("markFeed() asks again for a symbol that falls silent, %s", async (_name, isTold) => {
  const answers = new Map<FaultSocket, number>();
  let told: number | null = null;
  await using exchange = await startExchange({
    source: { seed: 3, symbols: 2, ratePerSecond: 20, historyMs: 1_000 },
    faults: lines(({ stream, text }, socket, connection) => {
      const answered = answers.getOrInsert(socket, 0);
      if (stream === null) answers.set(socket, answered + 1);
      if (stream === "ethusdt@markPrice@1s") {
        if (!isTold(answered, connection)) return;
        told ??= connection;
      }
      socket.send(text);
    }),
  });
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(60_000)]);
  const { wsUrl, restUrl } = exchange;
  const rest = new BinanceRest({ baseUrl: restUrl });
  const feed = markFeed({ wsUrl, rest, signal, quietMs: 2_000 });
  feed.follow(new Set(["BTCUSDT", "ETHUSDT"]));
  let found: Mark | null = null;
  for await (const events of feed) {
    for (const event of events) {
      if (event.kind === "row" && event.row.symbol === "ETHUSDT") found = event.row;
    }
    if (found !== null) stop.abort();
  }
  strictEqual(found?.symbol, "ETHUSDT");
  strictEqual(told, isTold(3, 0) ? 0 : 1);
});
