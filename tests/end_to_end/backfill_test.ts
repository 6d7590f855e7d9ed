import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { runBackfill } from "../../lib/apps/backfill/run_backfill.ts";
import { HistoryWriter } from "../../lib/apps/history/history_writer.ts";
import { verifyDatabase } from "../../lib/apps/verify/verify_database.ts";
import { type Exchange, startExchange } from "../../lib/exchange/mod.ts";
import { openReader, openWriter } from "../../lib/store/mod.ts";
import { run, start, until } from "../support/programs.ts";

const HOUR_MS = 3_600_000;
const SYMBOL = "BTCUSDT";
const quiet = {
  signal: new AbortController().signal,
  report: { info() {}, warn() {}, progress() {}, print() {} },
};

type Respond = (path: string, response: Response) => Response | Promise<Response>;

/** An exchange with three days and a half behind it: REST tells of two, the archive of the rest. */
async function withExchange(
  body: (exchange: Exchange, database: string) => Promise<void>,
  response: Respond = (_path, answer) => answer,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await using exchange = await startExchange({
      source: { seed: 9, symbols: [SYMBOL], ratePerSecond: 0.15, historyMs: 84 * HOUR_MS },
      faults: { response },
    });
    await body(exchange, `${folder}/tandem.db`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function where(exchange: Exchange, database: string): string[] {
  const { restUrl } = exchange;
  return ["--db", database, "--rest-url", restUrl, "--archive-url", restUrl];
}

/** The stored trades without where they come from. */
function stored(database: string, fromMs = -Infinity) {
  using reader = openReader(database);
  return reader.trades({ symbol: SYMBOL, fromMs }).map(({ source: _, ...trade }) => trade);
}

function traded(exchange: Exchange, fromMs: number, toMs = Infinity) {
  return exchange.aggTrades(SYMBOL).filter((t) => t.timeMs >= fromMs && t.timeMs < toMs)
    .map(({ source: _, firstTradeId: _f, lastTradeId: _l, ...trade }) => trade);
}

async function checkBars(database: string): Promise<void> {
  const [found] = await verifyDatabase({ database, symbols: [], json: false }, quiet);
  deepStrictEqual([found?.differences, found?.missingIds], [[], found?.explainedIds]);
}

Deno.test("backfill fetches days from the archive and hours from REST, also when it is killed between", async () => {
  await withExchange(async (exchange, database) => {
    const fromMs = Math.floor(exchange.clockMs() / HOUR_MS) * HOUR_MS - 80 * HOUR_MS;
    const toMs = exchange.clockMs() - 60_000;
    const args = [
      ...[SYMBOL, "--from", new Date(fromMs).toISOString(), "--to", new Date(toMs).toISOString()],
      ...where(exchange, database),
    ];
    {
      await using killed = start("backfill", ...args);
      await until(() => {
        try {
          return stored(database).length > 0;
        } catch {
          return false;
        }
      });
      using reader = openReader(database);
      Deno.kill(reader.heartbeat()!.pid, "SIGKILL");
      await killed.code;
    }
    const before = stored(database).length;
    ok(before > 0);
    await checkBars(database);
    const again = await run("backfill", ...args);
    strictEqual(again.code, 0, again.err);
    deepStrictEqual(stored(database), traded(exchange, fromMs, toMs));
    await checkBars(database);
    const third = await run("backfill", ...args);
    strictEqual(third.code, 0, third.err);
    ok(third.err.includes(": 0 trades stored"), third.err);
    using reader = openReader(database);
    deepStrictEqual(
      new Set(reader.trades({ symbol: SYMBOL }).map((t) => t.source)),
      new Set(["archive", "rest"]),
    );
    deepStrictEqual(reader.gaps(), []);
  });
});

Deno.test("backfill puts what it fetched through the ingest that writes the database", async () => {
  await withExchange(async (exchange, database) => {
    const fromMs = exchange.clockMs() - 50 * HOUR_MS;
    await using ingest = start(
      "ingest",
      ...[SYMBOL, "--warm", "0", "--db", database],
      ...["--ws-url", exchange.wsUrl, "--rest-url", exchange.restUrl],
    );
    await until(() => {
      try {
        return stored(database).length > 0;
      } catch {
        return false;
      }
    });
    const first = stored(database)[0]!.tradeId;
    const filled = await run(
      "backfill",
      SYMBOL,
      "--from",
      new Date(fromMs).toISOString(),
      ...where(exchange, database),
    );
    strictEqual(filled.code, 0, filled.err);
    ok(filled.err.includes("The ingest that writes"), filled.err);
    const last = exchange.aggTrades(SYMBOL).at(-1)!.tradeId;
    await until(() => stored(database).at(-1)!.tradeId >= last, 60_000);
    strictEqual(await ingest.stop(), 0, ingest.err);
    const trades = stored(database);
    deepStrictEqual(trades, traded(exchange, fromMs).slice(0, trades.length));
    ok(trades[0]!.tradeId < first);
    await checkBars(database);
    using reader = openReader(database);
    deepStrictEqual(reader.gaps().filter((g) => g.state !== "repaired"), []);
  });
});

Deno.test("backfill --gaps fetches what lost gaps lack, old ones from the archive", async () => {
  await withExchange(async (exchange, database) => {
    const all = exchange.aggTrades(SYMBOL);
    const at = (hours: number) =>
      all.findIndex((t) => t.timeMs > exchange.clockMs() - hours * HOUR_MS);
    {
      using writer = openWriter(database, {
        identity: { pid: 1, host: "here", startedAtMs: 0, simulated: true },
      });
      writer.register("binance-usdm", SYMBOL, "aggTrade");
      using reader = openReader(database);
      const history = new HistoryWriter(writer, reader);
      const trades = [
        ...[
          ...all.slice(at(82), at(70)),
          ...all.slice(at(65), at(20)),
          ...all.slice(at(10), at(1)),
        ],
      ].map(({ firstTradeId: _f, lastTradeId: _l, ...trade }) => trade);
      history.putTrades({
        ...{ venue: "binance-usdm", symbol: SYMBOL, streamKind: "aggTrade", trades, rejected: [] },
      });
      deepStrictEqual(reader.gaps().map((g) => g.state), ["lost", "lost"]);
    }
    const options = {
      ...{ database, symbols: [], range: null, gaps: true, streamKind: "aggTrade" as const },
      ...{ restUrl: exchange.restUrl, archiveUrl: exchange.restUrl },
    };
    await runBackfill(options, quiet);
    using reader = openReader(database);
    deepStrictEqual(reader.gaps().map((g) => g.state), ["repaired", "repaired"]);
    deepStrictEqual(
      stored(database).map((t) => t.tradeId),
      all.slice(at(82), at(1)).map((t) => t.tradeId).slice(0, stored(database).length),
    );
    await checkBars(database);
  });
});

Deno.test("backfill says which days the archive lacks, keeps the rest and records the hole", async () => {
  const lacking: { day: string } = { day: "" };
  await withExchange(
    async (exchange, database) => {
      const day = (hours: number) =>
        new Date(exchange.clockMs() - hours * HOUR_MS).toISOString().slice(0, 10);
      lacking.day = day(60);
      const options = {
        ...{ database, symbols: [SYMBOL], gaps: false, streamKind: "aggTrade" as const },
        range: { fromMs: Date.parse(day(60)) - 6 * HOUR_MS, toMs: exchange.clockMs() },
        ...{ restUrl: exchange.restUrl, archiveUrl: exchange.restUrl },
      };
      await rejects(runBackfill(options, quiet), {
        name: "ProgramError",
        message: new RegExp(`the archive has no file of ${SYMBOL} for ${lacking.day}`),
      });
      using reader = openReader(database);
      deepStrictEqual(reader.gaps().map((g) => g.state), ["lost"]);
      await checkBars(database);
    },
    (path, response) =>
      path.includes(lacking.day || "?") ? new Response(null, { status: 404 }) : response,
  );
});

Deno.test("backfill refuses what makes no sense, in one sentence", async () => {
  for (
    const [args, sentence] of [
      [[], "no symbol is named"],
      [["BTCUSDT"], "no beginning is named"],
      [["BTCUSDT", "--from", "soon"], 'Cannot read --from "soon"'],
      [["BTCUSDT", "--from", "1h", "--to", "2h"], "must end after it begins"],
      [["--gaps", "--from", "1h"], "at once"],
    ] as const
  ) {
    const { code, err } = await run("backfill", ...args);
    strictEqual(code, 2, err);
    ok(err.includes(sentence), err);
    ok(!err.includes("    at "), err);
  }
});
