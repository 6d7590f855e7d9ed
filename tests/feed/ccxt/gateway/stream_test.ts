/** What a client of the gateway is told when a venue refuses, stumbles or is quiet. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { Door } from "../../../../lib/feed/ccxt/gateway/door.ts";
import { answer } from "../../../../lib/feed/ccxt/gateway/server.ts";
import { until } from "../../../support/programs.ts";
import { libraryError, type StubClient, stubLibrary, StubVenue } from "../../support/stub_venue.ts";

const SYMBOLS = ["A/USD", "B/USD"];

interface Session {
  readonly venue: StubVenue;
  readonly connection: StubClient;
  /** What the client was told, without signs of life. */
  readonly frames: Record<string, unknown>[];
  readonly signs: () => number;
  /** Why the socket was closed; `null` while it is open. */
  readonly closed: () => string | null;
  /** Has the venue tell a trade, and waits until the client was told. */
  trade(symbol: string): Promise<void>;
}

/** Follows both symbols over the gateway's own socket. */
async function follow(body: (session: Session) => Promise<void>): Promise<void> {
  const doors = new Map([["stub", new Door(stubLibrary, "stub", null)]]);
  const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
  await using server = Deno.serve(options, (request) => answer(request, doors));
  const socket = new WebSocket(`ws://127.0.0.1:${server.addr.port}/stub`);
  const gone = Promise.withResolvers<void>();
  const frames: Record<string, unknown>[] = [];
  let [signs, closed, traded] = [0, null as string | null, 0];
  socket.onmessage = ({ data }) => {
    const frame = JSON.parse(data);
    if (frame.alive === true) signs++;
    else frames.push(frame);
  };
  socket.onclose = ({ reason }) => {
    closed = reason;
    gone.resolve();
  };
  socket.onopen = () => socket.send(JSON.stringify({ op: "subscribe", id: 7, symbols: SYMBOLS }));
  try {
    await until(() => StubVenue.last.connection?.waiting.size === SYMBOLS.length);
    const venue = StubVenue.last;
    const connection = venue.connection!;
    await body({
      ...{ venue, connection, frames, signs: () => signs, closed: () => closed },
      async trade(symbol) {
        const id = String(++traded);
        connection.receive({ trade: { id, symbol } });
        await until(() => pricesOf(frames, symbol).includes(id));
      },
    });
  } finally {
    socket.close();
    await gone.promise;
  }
}

function pricesOf(frames: readonly Record<string, unknown>[], symbol: string): string[] {
  return frames.filter((frame) => frame.symbol === symbol)
    .flatMap(({ trades }) => (trades as { id: string }[]).map(({ id }) => id));
}

const refusals = (frames: readonly Record<string, unknown>[]) =>
  frames.flatMap(({ refused }) => refused === undefined ? [] : [refused]);

Deno.test("Stream goes on with every symbol when a refusal does not say whom it is for", async () => {
  await follow(async ({ connection, frames, closed, trade }) => {
    await trade("A/USD");
    // As ccxt's OKX does with what it is answered to one of several subscriptions.
    connection.reject(libraryError("BadRequest", "instId:NONE doesn't exist"));
    await until(() => connection.waiting.size === 2);
    await trade("A/USD");
    await trade("B/USD");
    deepStrictEqual(pricesOf(frames, "A/USD"), ["1", "2"]);
    deepStrictEqual(refusals(frames), ["instId:NONE doesn't exist"], "it is said, and once");
    ok(frames.every(({ missed }) => missed !== true), "nothing was missed");
    // As its Nado and XT do.
    connection.reject("no text of an error");
    await until(() => refusals(frames).length === 2);
    strictEqual(refusals(frames)[1], "no text of an error");
    await until(() => connection.waiting.size === 2);
    strictEqual(closed(), null);
  });
});

Deno.test("Stream asks more seldom for what is refused again, and misses nothing by it", async () => {
  await follow(async ({ venue, connection, frames, closed, trade }) => {
    await trade("A/USD");
    for (let k = 0; k < 2; k++) {
      connection.reject(libraryError("BadRequest", "no"));
      await until(() => connection.waiting.size === (k === 0 ? 2 : 0));
    }
    const asked = venue.asked.get("A/USD");
    // Nobody waits for it now: ccxt keeps it.
    connection.receive({ trade: { id: "kept", symbol: "A/USD" } });
    strictEqual(venue.asked.get("A/USD"), asked);
    await until(() => connection.waiting.size === 2);
    await trade("A/USD");
    deepStrictEqual(pricesOf(frames, "A/USD"), ["1", "kept", "2"]);
    strictEqual(closed(), null);
  });
});

Deno.test("Stream believes that a symbol is refused which told nothing, else it begins anew", async () => {
  await follow(async ({ connection, frames, closed, trade }) => {
    await trade("A/USD");
    connection.reject(libraryError("BadSymbol", "no such symbol"), "B/USD");
    await until(() => refusals(frames).length > 0);
    deepStrictEqual(frames.at(-1), { id: 7, refused: "no such symbol" });
    await trade("A/USD");
    strictEqual(closed(), null);
    await until(() => connection.waiting.has("A/USD"));
    connection.reject(libraryError("BadSymbol", "not any more"), "A/USD");
    await until(() => closed() !== null);
    strictEqual(closed(), "not any more");
  });
});

Deno.test("Stream ends with a connection that ended", async () => {
  await follow(async ({ connection, closed }) => {
    connection.reject(libraryError("NetworkError", "connection closed"));
    await until(() => closed() !== null);
    strictEqual(closed(), "connection closed");
  });
});

Deno.test("Stream ends with a connection that is closed while nobody waits for it", async () => {
  await follow(async ({ connection, closed }) => {
    for (let k = 0; k < 2; k++) {
      connection.reject(libraryError("BadRequest", "no"));
      await until(() => connection.waiting.size === (k === 0 ? 2 : 0));
    }
    connection.end();
    await until(() => closed() !== null);
    strictEqual(closed(), "the venue closed the connection");
  });
});

Deno.test("Stream passes on what a venue answers with an error, and sets aside what ccxt cannot read", async () => {
  await follow(async ({ connection, frames, closed, trade }) => {
    await trade("A/USD");
    connection.receive({ error: libraryError("ExchangeError", "deribit: invalid params") });
    await until(() => refusals(frames).length > 0);
    deepStrictEqual(refusals(frames), ["deribit: invalid params"]);
    await until(() => connection.waiting.size === 2);
    connection.receive({ error: new TypeError("undefined is no trade") });
    await until(() => frames.filter(({ unread }) => unread !== undefined).length === 2);
    strictEqual(connection.waiting.size, 2, "who waits goes on waiting");
    strictEqual(refusals(frames).length, 1);
    await trade("A/USD");
    strictEqual(frames.filter(({ symbol, missed }) => symbol === "B/USD" && missed).length, 2);
    strictEqual(closed(), null);
  });
});

Deno.test("Stream takes an answer to a ping for a sign of life", async () => {
  await follow(async ({ connection, signs }) => {
    strictEqual(signs(), 0);
    connection.onPong();
    await until(() => signs() > 0);
  });
});

Deno.test("Stream does not wait without end for a client that does not read", async () => {
  const doors = new Map([["stub", new Door(stubLibrary, "stub", null)]]);
  const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
  await using server = Deno.serve(options, (request) => answer(request, doors));
  using reader = await Deno.connect({ hostname: "127.0.0.1", port: server.addr.port });
  const head = [
    ...["GET /stub HTTP/1.1", "Host: x", "Upgrade: websocket", "Connection: Upgrade"],
    ...["Sec-WebSocket-Version: 13", `Sec-WebSocket-Key: ${btoa("0123456789abcdef")}`, "", ""],
  ];
  await reader.write(new TextEncoder().encode(head.join("\r\n")));
  const answered = new Uint8Array(1_024);
  match(new TextDecoder().decode(answered.subarray(0, await reader.read(answered) ?? 0)), /101/);
  // A frame with a mask of zeros.
  const text = new TextEncoder().encode('{"op":"subscribe","id":1,"symbols":["A/USD"]}');
  await reader.write(new Uint8Array([0x81, 0x80 | text.length, 0, 0, 0, 0, ...text]));
  await until(() => StubVenue.last.connection?.waiting.has("A/USD") === true);
  const venue = StubVenue.last;
  let isOver = false;
  venue.close = () => {
    isOver = true;
    return Promise.resolve();
  };
  const info = "x".repeat(1 << 20);
  for (let k = 0; k < 100 && !isOver; k++) {
    venue.connection!.receive({ trade: { id: String(k), symbol: "A/USD", info } });
    await new Promise((done) => setTimeout(done));
  }
  ok(isOver, "100 MB are kept for it");
});
