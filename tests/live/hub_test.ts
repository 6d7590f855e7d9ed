import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { type Hub, HubError, type HubOptions, startHub } from "../../lib/live/mod.ts";
import { backupDatabase } from "../../lib/store/mod.ts";
import { atMost } from "../../lib/streams/mod.ts";
import { parse } from "./support/csv.ts";
import { Market } from "./support/market.ts";
import { until } from "./support/page_socket.ts";

/** Runs a test against a hub over a market of 100 minutes. */
function withHub(
  options: Partial<HubOptions>,
  body: (hub: Hub, market: Market) => Promise<void>,
): () => Promise<void> {
  return async () => {
    using market = new Market();
    market.add(100);
    await using hub = await startHub({ open: market.open, ...options });
    await body(hub, market);
  };
}

async function get(hub: Hub, path: string, init?: RequestInit): Promise<[number, unknown]> {
  const response = await fetch(new URL(path, hub.url), init);
  return [response.status, await response.json()];
}

/** `fetch` sets Host and Origin by itself, so a request with others is written by hand. */
async function raw(hub: Hub, path: string, headers: string[]): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: hub.port });
  const lines = [`GET ${path} HTTP/1.1`, ...headers, "Connection: close", "", ""];
  await connection.write(new TextEncoder().encode(lines.join("\r\n")));
  return await new Response(connection.readable).text();
}

Deno.test(
  "GET /api/health tells database, writer and whether it is simulated",
  withHub({}, async (hub) => {
    const [status, body] = await get(hub, "api/health");
    strictEqual(status, 200);
    const { status: word, simulated, symbols, writer } = body as Record<string, unknown>;
    deepStrictEqual([word, simulated, symbols], ["ok", true, 3]);
    strictEqual((writer as { pid: number }).pid, 1);
  }),
);

Deno.test(
  "GET /api/symbols and /api/quality list the symbols in order",
  withHub({}, async (hub) => {
    const [, { symbols }] = await get(hub, "api/symbols") as [number, { symbols: object[] }];
    const [, { quality, gaps }] = await get(hub, "api/quality") as [
      number,
      { quality: { symbol: string; received: number }[]; gaps: unknown[] },
    ];
    strictEqual(symbols.length, 3);
    deepStrictEqual(quality.map((q) => [q.symbol, q.received]), [
      ["BTCUSDT", 100],
      ["ETHUSDT", 100],
      ["SOLUSDT", 100],
    ]);
    deepStrictEqual(gaps, []);
  }),
);

Deno.test(
  "GET /api/bars answers the newest bars of a range, oldest first",
  withHub({}, async (hub, market) => {
    const times = async (query: string) => {
      const [, body] = await get(hub, `api/bars?symbol=btcusdt&interval=1m${query}`);
      return (body as { bars: { openTimeMs: number }[] }).bars.map((bar) => bar.openTimeMs);
    };
    strictEqual((await times("")).length, 100);
    deepStrictEqual(await times("&limit=2"), [market.timeMs(98), market.timeMs(99)]);
    const [from, to] = [market.timeMs(10), market.timeMs(12)];
    deepStrictEqual(await times(`&from=${from}&to=${to}`), [from, market.timeMs(11)]);
    deepStrictEqual(await times(`&from=${new Date(from).toISOString()}&to=${to}`), [
      from,
      market.timeMs(11),
    ]);
  }),
);

Deno.test(
  "GET /api/pair answers readings and verdict, absent numbers as null",
  withHub({}, async (hub) => {
    const [status, body] = await get(hub, "api/pair?y=ETHUSDT&x=BTCUSDT&window=20");
    strictEqual(status, 200);
    const { readings, verdict } = body as {
      readings: { zScore: number | null; reason: string | null }[];
      verdict: { nobs: number; sentence: string };
    };
    strictEqual(readings.length, 100);
    deepStrictEqual(readings[0]?.zScore, null);
    strictEqual(readings[0]?.reason, "warming up: 0 of 20 bars");
    strictEqual(typeof readings.at(-1)?.zScore, "number");
    strictEqual(verdict.nobs, 100);
    ok(verdict.sentence.length > 20);
  }),
);

Deno.test(
  "GET answers wrong questions with one clear sentence",
  withHub({}, async (hub) => {
    const cases: [path: string, status: number, code: string, message: RegExp][] = [
      ["api/bars", 400, "bad_request", /"symbol" is missing/],
      ["api/bars?symbol=FOO", 404, "unknown_symbol", /"FOO".*it holds BTCUSDT, ETHUSDT, SOLUSDT/],
      ["api/bars?symbol=BTCUSDT&interval=7m", 400, "bad_request", /one of 1s, 1m, 5m.*"7m"/],
      ["api/bars?symbol=BTCUSDT&limit=0", 400, "bad_request", /"limit" must be >= 1.*"0"/],
      ["api/bars?symbol=BTCUSDT&from=noon", 400, "bad_request", /"from" must be ms/],
      ["api/pair?y=BTCUSDT", 400, "bad_request", /"x" is missing/],
      ["api/pair?y=BTCUSDT&x=BTCUSDT", 400, "bad_request", /"BTCUSDT" with itself/],
      ["api/pair?y=BTCUSDT&x=ETHUSDT&window=abc", 400, "bad_request", /"window".*"abc"/],
      ["api/pair?y=BTCUSDT&x=ETHUSDT&method=magic", 400, "bad_request", /one of rolling-ols, ols/],
      ["api/pair?y=BTCUSDT&x=ETHUSDT&entry=9", 400, "bad_request", /above exit, below stop/],
      ["api/export?y=BTCUSDT", 400, "bad_request", /"x" is missing/],
      ["api/screen?interval=7m", 400, "bad_request", /one of 1s, 1m, 5m.*"7m"/],
      ["api/screen?window=20", 400, "bad_request", /"window" must be >= 21.*"20"/],
      ["api/screen?alpha=1", 400, "bad_request", /"alpha" must be < 1.*"1"/],
      ["api/screen?alpha=x", 400, "bad_request", /"alpha" must be a number.*"x"/],
      ["api/screen?lag=9", 400, "bad_request", /"lag".*"9"/],
      ["api/screen?maxStale=2", 400, "bad_request", /"maxStale" must be <= 1.*"2"/],
      ["api/screen/matrix?of=love", 400, "bad_request", /one of correlation, pValue, both/],
      ["nothing", 404, "not_found", /\/nothing/],
      ["ws", 426, "upgrade_required", /WebSocket/],
    ];
    for (const [path, status, code, message] of cases) {
      const [got, body] = await get(hub, path);
      const { error } = body as { error: { code: string; message: string } };
      deepStrictEqual([path, got, error.code], [path, status, code]);
      match(error.message, message);
    }
  }),
);

Deno.test(
  "only GET is answered",
  withHub({}, async (hub) => {
    const [status, body] = await get(hub, "api/symbols", { method: "POST", body: "{}" });
    deepStrictEqual([status, (body as { error: { code: string } }).error.code], [
      405,
      "method_not_allowed",
    ]);
  }),
);

Deno.test("a hub answers 503 with the reason until there is a database", async () => {
  using market = new Market();
  let exists = false;
  await using hub = await startHub({
    open: () => {
      if (!exists) throw new Error("There is no database yet");
      return market.open();
    },
  });
  const [status, body] = await get(hub, "api/symbols");
  strictEqual(status, 503);
  deepStrictEqual(body, { error: { code: "no_database", message: "There is no database yet" } });
  match(await (await fetch(hub.url)).text(), /<title>Tandem<\/title>/);
  exists = true;
  await until(async () => (await get(hub, "api/symbols"))[0] === 200, "the database is found");
});

Deno.test(
  "GET /api/export writes every bar as CSV, as they are stored",
  withHub({}, async (hub, market) => {
    market.write(market.bar("BTCUSDT", 30_000, 5));
    const response = await fetch(new URL("api/export?symbol=BTCUSDT", hub.url));
    match(response.headers.get("content-type")!, /^text\/csv/);
    match(response.headers.get("content-disposition")!, /BTCUSDT-1m\.csv$/);
    const rows = parse(await response.text());
    using reader = market.open();
    const bars = reader.bars({ symbol: "BTCUSDT", intervalMs: 60_000 });
    strictEqual(rows.length, 101);
    deepStrictEqual(rows.map((row) => Number(row.open_time_ms)), bars.map((bar) => bar.openTimeMs));
    deepStrictEqual(rows.map((row) => Number(row.close)), bars.map((bar) => bar.close));
    const part = `api/export?symbol=BTCUSDT&from=${market.timeMs(5)}&to=${market.timeMs(7)}`;
    const some = parse(await (await fetch(new URL(part, hub.url))).text());
    deepStrictEqual(some.map((row) => Number(row.open_time_ms)), [
      market.timeMs(5),
      market.timeMs(6),
    ]);
  }),
);

Deno.test(
  "GET /api/export writes readings as CSV, absent numbers as empty cells",
  withHub({}, async (hub) => {
    const path = "api/export?y=ETHUSDT&x=BTCUSDT&window=20";
    const rows = parse(await (await fetch(new URL(path, hub.url))).text());
    strictEqual(rows.length, 100);
    strictEqual(rows[0]?.z_score, "");
    ok(Number.isFinite(Number(rows.at(-1)?.z_score)) && rows.at(-1)?.z_score !== "");
  }),
);

Deno.test(
  "GET /metrics is Prometheus text",
  withHub({}, async (hub) => {
    const response = await fetch(new URL("metrics", hub.url));
    const text = await response.text();
    match(response.headers.get("content-type")!, /version=0\.0\.4/);
    match(text, /^# TYPE tandem_trades_received_total counter$/m);
    match(
      text,
      /^tandem_trades_received_total\{venue="binance-usdm",symbol="BTCUSDT"\} 100$/m,
    );
    for (const line of text.trimEnd().split("\n")) {
      match(line, /^(# (HELP|TYPE) tandem_\w+ .+|tandem_\w+(\{.*\})? -?[\d.e+-]+)$/);
    }
  }),
);

Deno.test(
  "the page allows nothing inline and nothing from elsewhere",
  withHub({}, async (hub) => {
    const page = await fetch(hub.url);
    const policy = page.headers.get("content-security-policy")!;
    match(policy, /default-src 'none'/);
    ok(!policy.includes("unsafe"), policy);
    const html = await page.text();
    ok(!/ style=| on\w+=|<style|<script>/.test(html));
    for (const [, path] of html.matchAll(/(?:src|href)="([^":]+\.(?:js|css))"/g)) {
      const part = await fetch(new URL(path!, hub.url));
      strictEqual(part.status, 200, path ?? "");
      await part.body?.cancel();
    }
  }),
);

Deno.test(
  "the bundle is sent compressed, below 200 kB, and not again while it is the same",
  withHub({}, async (hub) => {
    const head = (extra: string) =>
      raw(hub, "/chart.js", [`Host: 127.0.0.1:${hub.port}`, "Accept-Encoding: gzip", extra]);
    const first = await head("Accept: */*");
    match(first, /content-encoding: gzip/i);
    const length = Number(/content-length: (\d+)/i.exec(first)?.[1]);
    ok(length > 10_000 && length < 200_000, `${length} bytes`);
    const tag = /etag: (\S+)/i.exec(first)?.[1];
    match(await head(`If-None-Match: ${tag}`), /^HTTP\/1\.1 304/);
  }),
);

Deno.test(
  "a request for another host or of another site's page is refused",
  withHub({}, async (hub) => {
    const own = `127.0.0.1:${hub.port}`;
    const statusOf = async (...headers: string[]) =>
      (await raw(hub, "/api/symbols", headers)).slice(9, 12);
    strictEqual(await statusOf(`Host: ${own}`), "200");
    strictEqual(await statusOf(`Host: localhost:${hub.port}`), "200");
    strictEqual(await statusOf(`Host: evil.example:${hub.port}`), "421");
    strictEqual(await statusOf(`Host: 127.0.0.1.evil.example`), "421");
    strictEqual(await statusOf(`Host: ${own}`, `Origin: http://${own}`), "200");
    strictEqual(await statusOf(`Host: ${own}`, "Origin: http://evil.example"), "403");
    strictEqual(await statusOf(`Host: ${own}`, "Origin: null"), "403");
  }),
);

Deno.test(
  "with a token nothing is answered without it",
  withHub({ token: "s3cret" }, async (hub) => {
    const root = `http://127.0.0.1:${hub.port}`;
    strictEqual(hub.url, `${root}/t/s3cret/`);
    const statusOf = async (path: string, headers: Record<string, string> = {}) => {
      const response = await fetch(root + path, { headers, redirect: "manual" });
      await response.body?.cancel();
      return response.status;
    };
    strictEqual(await statusOf("/"), 401);
    strictEqual(await statusOf("/api/symbols"), 401);
    strictEqual(await statusOf("/t/wrong/api/symbols"), 401);
    strictEqual(await statusOf("/api/symbols?token=s3cre"), 401);
    strictEqual(await statusOf("/t/s3cret/api/symbols"), 200);
    strictEqual(await statusOf("/api/symbols?token=s3cret"), 200);
    strictEqual(await statusOf("/api/symbols", { authorization: "Bearer s3cret" }), 200);
    strictEqual(await statusOf("/?token=s3cret"), 302);
    const page = await fetch(`${root}/?token=s3cret`);
    strictEqual(page.url, hub.url);
    await page.body?.cancel();
  }),
);

Deno.test(
  "pages of any origin may read where that is allowed and the token is in the path",
  withHub({ token: "s3cret", allowAnyOrigin: true }, async (hub) => {
    const host = `Host: 127.0.0.1:${hub.port}`;
    const origin = "Origin: http://localhost:8888";
    const open = await raw(hub, "/t/s3cret/chart.js", [host, origin]);
    match(open, /^HTTP\/1\.1 200/);
    match(open, /access-control-allow-origin: \*/i);
    match(open, /cross-origin-resource-policy: cross-origin/i);
    match(await raw(hub, "/chart.js?token=s3cret", [host, origin]), /^HTTP\/1\.1 403/);
    match(await raw(hub, "/t/s3cret/", ["Host: evil.example", origin]), /^HTTP\/1\.1 421/);
  }),
);

Deno.test("startHub() refuses what would be open to others", async () => {
  using market = new Market();
  const { open } = market;
  await rejects(startHub({ open, hostname: "0.0.0.0" }), /"token" must be set/);
  await rejects(startHub({ open, allowAnyOrigin: true }), /"token" must be set/);
});

Deno.test("startHub() says that a port is in use", async () => {
  using market = new Market();
  await using hub = await startHub({ open: market.open });
  await rejects(startHub({ open: market.open, port: hub.port }), (error) => {
    ok(error instanceof HubError);
    strictEqual(error.code, "port_in_use");
    match(error.message, new RegExp(`${hub.port}.*--port`));
    return true;
  });
});

Deno.test("Hub frees its port when it is disposed, and twice is once", async () => {
  using market = new Market();
  const first = await startHub({ open: market.open });
  await first[Symbol.asyncDispose]();
  await first[Symbol.asyncDispose]();
  await using second = await startHub({ open: market.open, port: first.port });
  strictEqual(second.port, first.port);
});

Deno.test("a hub ends although somebody has stopped to read its answers", async () => {
  using market = new Market();
  market.add(2_000);
  const hub = await startHub({ open: market.open });
  const reader = await Deno.connect({ hostname: "127.0.0.1", port: hub.port });
  const ask = `GET /api/export?symbol=BTCUSDT HTTP/1.1\r\nHost: 127.0.0.1:${hub.port}\r\n\r\n`;
  // More than what the system holds for a reader.
  await reader.write(new TextEncoder().encode(ask.repeat(200)));
  strictEqual((await get(hub, "api/health"))[0], 200);
  strictEqual(await atMost(30_000, hub[Symbol.asyncDispose]()), true);
  reader.close();
});

Deno.test("a hub goes on with what was put in the place of its database", async () => {
  using market = new Market();
  market.add(100);
  using other = new Market(["ADAUSDT"]);
  other.add(30);
  await using hub = await startHub({ open: market.open });
  const symbols = async () => {
    const [status, { symbols }] = await get(hub, "api/symbols") as [number, { symbols?: object[] }];
    return status === 200 ? symbols!.length : status;
  };
  strictEqual(await symbols(), 3);
  await backupDatabase(other.path, `${market.path}.copy`);
  for (const end of ["", "-wal", "-shm"]) {
    Deno.renameSync(market.path + end, `${market.path}.old${end}`);
  }
  await until(async () => await symbols() === 503, "the hub sees that its database is gone");
  Deno.renameSync(`${market.path}.copy`, market.path);
  await until(async () => await symbols() === 1, "the hub reads the other one");
});
