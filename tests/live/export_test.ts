import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { type Hub, type HubOptions, startHub } from "../../lib/live/mod.ts";
import { openReader, StoreError } from "../../lib/store/mod.ts";
import { duckdb } from "../support/duckdb.ts";
import { Market } from "./support/market.ts";
import { until } from "./support/page_socket.ts";

/** Runs a test against a hub over a market of 200 minutes with a few trades. */
function withHub(
  body: (hub: Hub, market: Market) => Promise<void>,
  options: Partial<HubOptions> = {},
): () => Promise<void> {
  return async () => {
    using market = new Market();
    market.add(200);
    market.writer.write({
      trades: [1, 2, 3].map((tradeId) => ({
        ...{ venue: "binance-usdm", symbol: "BTCUSDT", tradeId, timeMs: market.timeMs(tradeId) },
        ...{ price: 100 + tradeId, quantity: 0.1, takerSide: "buy", source: "ws" },
      })),
    });
    await using hub = await startHub({ open: market.open, ...options });
    await body(hub, market);
  };
}

async function save(hub: Hub, path: string, file: string): Promise<Response> {
  const response = await fetch(new URL(path, hub.url));
  Deno.writeFileSync(file, new Uint8Array(await response.arrayBuffer()));
  return response;
}

const PAIR = "y=ETHUSDT&x=BTCUSDT&window=20";
const KINDS = [
  ["what=trades&symbol=BTCUSDT", "BTCUSDT-trades", 3, "sum(price * quantity)"],
  ["what=bars&symbol=BTCUSDT&interval=5m", "BTCUSDT-5m", 40, "sum(close * volume)"],
  [`what=readings&${PAIR}&limit=50`, "ETHUSDT-BTCUSDT-1m", 50, "sum(z_score)"],
  ["what=screen&window=60&rows=all", "screen-1m-60", 3, "sum(p_value) + count(y)"],
  [`what=trips&${PAIR}&entry=1`, "ETHUSDT-BTCUSDT-1m-trips", null, "sum(net)"],
  [`what=equity&${PAIR}&entry=1`, "ETHUSDT-BTCUSDT-1m-equity", 200, "sum(equity)"],
] as const;

Deno.test(
  "GET /api/export gives every kind as CSV, gzip and Parquet, and DuckDB reads the same of each",
  withHub(async (hub, market) => {
    for (const [query, name, rows, sum] of KINDS) {
      const found = [];
      for (const format of ["csv", "csv.gz", "parquet"]) {
        const file = `${market.path}.${format}`;
        const response = await save(hub, `api/export?${query}&format=${format}`, file);
        strictEqual(response.status, 200, query);
        strictEqual(
          response.headers.get("content-disposition"),
          `attachment; filename*=UTF-8''${name}.${format}`,
        );
        const [row] = await duckdb(`SELECT count(*)::INT AS rows, ${sum} AS sum FROM '${file}'`);
        found.push(row);
      }
      ok(found[0]!.sum !== null && Number(found[0]!.rows) === (rows ?? found[0]!.rows), query);
      deepStrictEqual(found[1], found[0]);
      deepStrictEqual(found[2], found[0]);
    }
  }),
);

Deno.test(
  "GET /api/export of the newest readings equals what /api/pair shows",
  withHub(async (hub, market) => {
    for (const method of ["rolling-ols", "kalman"]) {
      const query = `${PAIR}&limit=60&method=${method}`;
      const pair = await (await fetch(new URL(`api/pair?${query}`, hub.url))).json();
      const file = `${market.path}.parquet`;
      await save(hub, `api/export?${query}&format=parquet`, file);
      deepStrictEqual(
        await duckdb(`SELECT open_time_ms::DOUBLE AS t, z_score AS z, stale FROM '${file}'`),
        pair.readings.map((r: Record<string, unknown>) => ({
          ...{ t: r.openTimeMs, z: r.zScore, stale: r.stale },
        })),
      );
    }
  }),
);

/** 100,000 bars: more than what waits between two sockets. */
function writeMany(market: Market): void {
  for (let from = 0; from < 100_000; from += 10_000) {
    market.write(
      ...Array.from({ length: 10_000 }, (_, k) => market.bar("SOLUSDT", from + k, 7 + k)),
    );
  }
}

const ID = "a-download";

async function stateOf(hub: Hub) {
  return await (await fetch(new URL(`api/export/state?id=${ID}`, hub.url))).json();
}

Deno.test(
  "a download is made as fast as it is taken, tells its rows, and stops with its reader",
  withHub(async (hub, market) => {
    deepStrictEqual((await stateOf(hub)).state, "waiting");
    writeMany(market);
    const address = new URL(`api/export?symbol=SOLUSDT&id=${ID}`, hub.url);
    const whole = await (await fetch(address)).text();
    strictEqual(whole.split("\r\n").length, 100_002);
    const { state, rows, reason } = await stateOf(hub);
    deepStrictEqual([state, rows, reason], ["done", 100_000, null]);
    {
      using connection = await Deno.connect({ hostname: "127.0.0.1", port: hub.port });
      const request =
        `GET ${address.pathname}${address.search} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
      await connection.write(new TextEncoder().encode(request));
      await connection.read(new Uint8Array(1_000));
      await until(async () => (await stateOf(hub)).rows > 0, "some rows are sent");
      ok((await stateOf(hub)).rows < 100_000, "it waits for its reader");
    }
    await until(async () => (await stateOf(hub)).state === "stopped", "it ends with its reader");
  }),
);

Deno.test("a hub ends also while somebody takes nothing of a download, which is not whole then", async () => {
  using market = new Market();
  writeMany(market);
  const hub = await startHub({ open: market.open });
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: hub.port });
  const request = `GET /api/export?symbol=SOLUSDT&id=${ID} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  await connection.write(new TextEncoder().encode(request));
  await until(async () => (await stateOf(hub)).rows > 0, "some rows are sent");
  await hub[Symbol.asyncDispose]();
  const got = await new Response(connection.readable).text().catch(() => "");
  ok(!got.endsWith("\r\n0\r\n\r\n"), "the last chunk must not come");
});

Deno.test("a download whose database fails is cut short, not ended as if it were whole", async () => {
  using market = new Market();
  writeMany(market);
  let pages = 0;
  const open = () => {
    const reader = openReader(market.path);
    const bars: typeof reader.bars = (query) => {
      if (query.fromMs !== undefined && ++pages > 3) {
        throw new StoreError("unreachable", market.path, "Cannot read: the disk is gone");
      }
      return reader.bars(query);
    };
    return new Proxy(reader, {
      get: (target, name) => {
        if (name === "bars") return bars;
        const value = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  };
  await using hub = await startHub({ open });
  const response = await fetch(new URL(`api/export?symbol=SOLUSDT&id=${ID}`, hub.url));
  strictEqual(response.status, 200);
  await rejects(response.text());
  const { state, reason } = await stateOf(hub);
  strictEqual(state, "stopped");
  match(reason, /the disk is gone/);
});

Deno.test(
  "GET /api/export refuses what it cannot give, with a sentence",
  withHub(async (hub) => {
    for (
      const [query, status, sentence] of [
        ["what=prices", 400, /"what" must be one of trades, bars, readings, screen, trips, equity/],
        ["what=trades&symbol=NOSUCH", 404, /Cannot find "NOSUCH"/],
        ["what=bars&symbol=BTCUSDT&interval=7", 400, /must look like "1s"/],
        [`what=bars&symbol=BTCUSDT&interval=1s&id=${ID}`, 409, /no.* to merge them from/],
        ["what=readings&y=ETHUSDT&x=ETHUSDT", 400, /with itself/],
        ["what=trips&y=ETHUSDT&x=BTCUSDT&window=500", 409, /1002 are needed/],
        ["symbol=BTCUSDT&format=xlsx", 400, /"format" must be one of csv, csv.gz, parquet/],
      ] as const
    ) {
      const response = await fetch(new URL(`api/export?${query}`, hub.url));
      strictEqual(response.status, status, query);
      match((await response.json()).error.message, sentence);
    }
    match((await stateOf(hub)).reason, /to merge them from/);
  }),
);

Deno.test(
  "GET /api/export needs the token and no other site's page, as every route",
  withHub(async (hub) => {
    const path = "api/export?symbol=BTCUSDT&format=csv.gz";
    const bare = new URL(`/${path}`, hub.url);
    const unknown = await fetch(bare);
    strictEqual(unknown.status, 401);
    await unknown.body?.cancel();
    const origin = { headers: { origin: "https://example.com" } };
    const foreign = await fetch(new URL(path, hub.url), origin);
    strictEqual(foreign.status, 403);
    await foreign.body?.cancel();
    const bytes = await (await fetch(new URL(path, hub.url))).arrayBuffer();
    match(gunzipSync(new Uint8Array(bytes)).toString(), /^venue,symbol,interval_ms/);
  }, { token: "secret" }),
);
