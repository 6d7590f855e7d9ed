import { match, strictEqual, throws } from "node:assert/strict";
import { refuseMixing } from "../../lib/apps/ingest/refuse_mixing.ts";
import { startExchange } from "../../lib/exchange/mod.ts";
import type { Bar } from "../../lib/market/mod.ts";
import { openReader, openWriter } from "../../lib/store/mod.ts";
import { run } from "../support/programs.ts";
import { tradesOf, VENUE, withFolder } from "../store/support/days.ts";

const SYMBOL = "BTCUSDT";

/** As a file tells it. */
const BAR: Bar = {
  ...{ venue: VENUE, symbol: SYMBOL, intervalMs: 60_000, openTimeMs: 0 },
  ...{ open: 1, high: 1, low: 1, close: 1, volume: 1, quoteVolume: 1, tradeCount: 1 },
  ...{ takerBuyVolume: null, firstTradeId: null, lastTradeId: null },
  ...{ complete: false, revision: 0 },
};

function make(path: string, simulated: boolean, count: number): void {
  using writer = openWriter(path, {
    identity: { pid: 1, host: "here", startedAtMs: 0, simulated },
  });
  writer.register(VENUE, SYMBOL, "aggTrade");
  writer.write({ trades: tradesOf(SYMBOL, { days: 1, perDay: 200 }).slice(0, count) });
}

for (const held of [false, true]) {
  Deno.test(
    `refuseMixing() keeps ${held ? "simulated" : "real"} trades by themselves`,
    withFolder((path) => {
      refuseMixing(path, !held);
      make(path, held, 0);
      refuseMixing(path, !held);
      make(path, held, 3);
      refuseMixing(path, held);
      throws(() => refuseMixing(path, !held), /Cannot store .* trades in .* name another file/);
    }),
  );
}

Deno.test(
  "refuseMixing() keeps simulated bars of a file by themselves",
  withFolder((path) => {
    for (const simulated of [false, true]) {
      const file = `${path}.${simulated}.db`;
      using writer = openWriter(file, {
        identity: { pid: 1, host: "here", startedAtMs: 0, simulated },
      });
      writer.register(VENUE, SYMBOL, "aggTrade");
      writer.write({ bars: [BAR] });
    }
    refuseMixing(`${path}.true.db`, true);
    refuseMixing(`${path}.false.db`, false);
    throws(
      () => refuseMixing(`${path}.true.db`, false),
      /Cannot store real trades in .* simulated/,
    );
  }),
);

Deno.test(
  "ingest and backfill leave a database of real trades alone at a simulated exchange",
  withFolder(async (path) => {
    make(path, false, 3);
    await using exchange = await startExchange({
      source: { seed: 1, symbols: 3, ratePerSecond: 10, historyMs: 1_000 },
    });
    const to = ["--db", path, "--rest-url", exchange.restUrl];
    for (
      const args of [
        ["ingest", SYMBOL, ...to, "--ws-url", exchange.wsUrl, "--duration", "1s"],
        ["backfill", SYMBOL, ...to, "--from", "1h"],
      ] as [string, ...string[]][]
    ) {
      const { code, err } = await run(...args);
      strictEqual(code, 1);
      match(err, /Cannot store simulated trades in ".*" as it holds real ones: name another/);
    }
    using reader = openReader(path);
    strictEqual(reader.heartbeat()!.simulated, false);
    strictEqual(reader.trades({ symbol: SYMBOL }).length, 3);
  }),
);

Deno.test(
  "backfill names a symbol that the exchange does not know, and fetches the others",
  withFolder(async (path) => {
    await using exchange = await startExchange({
      source: { seed: 1, symbols: 3, ratePerSecond: 10, historyMs: 60_000 },
    });
    const { code, err } = await run(
      ...["backfill", "NOSUCHUSDT", SYMBOL, "--from", "1h"] as const,
      ...["--db", path, "--rest-url", exchange.restUrl],
    );
    strictEqual(code, 1);
    match(err, /Could not fetch everything: NOSUCHUSDT is not known to http/);
    match(err, /BTCUSDT .*: [1-9]\d* trades stored/);
  }),
);
