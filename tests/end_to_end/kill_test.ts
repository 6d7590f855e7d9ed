/**
 * The ingest program is killed with SIGKILL at random moments at full speed and started again: no
 * trade twice, none missing, and at no moment a bar that does not follow from the stored trades.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { DatabaseSync } from "node:sqlite";
import { verifyDatabase } from "../../lib/apps/verify/verify_database.ts";
import { startExchange } from "../../lib/exchange/mod.ts";
import { Random } from "../../lib/stats/mod.ts";
import { openReader } from "../../lib/store/mod.ts";
import { type Running, start, until } from "../support/programs.ts";

const KILLS = 6;
const seed = Number(Deno.env.get("TANDEM_SEED") ?? Date.now() % 2 ** 31);

const quiet = {
  signal: new AbortController().signal,
  report: { info() {}, warn() {}, progress() {}, print() {} },
};

async function verify(database: string): Promise<void> {
  const db = new DatabaseSync(database, { readOnly: true });
  const integrity = db.prepare("PRAGMA integrity_check").get()?.integrity_check;
  db.close();
  strictEqual(integrity, "ok");
  for (
    const finding of await verifyDatabase({ database, symbols: [], json: false }, quiet)
  ) {
    deepStrictEqual(finding.differences, [], finding.symbol);
  }
}

function pidOf(database: string): number | null {
  try {
    return JSON.parse(Deno.readTextFileSync(`${database}.control.json`)).pid;
  } catch {
    return null;
  }
}

function stored(database: string): number {
  try {
    using reader = openReader(database);
    return reader.quality().reduce((sum, q) => sum + q.stored, 0);
  } catch {
    return 0;
  }
}

Deno.test(`ingest loses and doubles nothing when it is killed (TANDEM_SEED=${seed})`, async () => {
  const random = new Random(seed);
  const temporary = await Deno.makeTempDir();
  const database = `${temporary}/kill.db`;
  await using exchange = await startExchange({
    source: { seed, symbols: 4, ratePerSecond: 4_000, historyMs: 5_000 },
  });
  const ingest = (): Running =>
    start(
      "ingest",
      ...["--all", "--warm", "0", "--db", database],
      ...["--ws-url", exchange.wsUrl, "--rest-url", exchange.restUrl],
    );
  try {
    for (let k = 0; k < KILLS; k++) {
      const before = stored(database);
      await using running = ingest();
      await until(() => stored(database) > before && pidOf(database) !== null);
      await wait(random.uniform() * 1_500);
      Deno.kill(pidOf(database)!, "SIGKILL");
      await running.code;
      await Deno.remove(`${database}.control.json`);
      await verify(database);
    }
    const last = ingest();
    const before = stored(database);
    await until(() => stored(database) > before + 2_000);
    strictEqual(await last.stop(), 0, last.err);
    await verify(database);

    using reader = openReader(database);
    for (const { symbol } of reader.symbols()) {
      const own = reader.trades({ symbol });
      const first = own[0]!.tradeId;
      const truth = new Map(exchange.aggTrades(symbol).map((t) => [t.tradeId, t]));
      own.forEach((trade, k) => {
        strictEqual(trade.tradeId, first + k, `${symbol} has every id once`);
        const t = truth.get(trade.tradeId);
        ok(t !== undefined, `${symbol} ${trade.tradeId} was never traded`);
        deepStrictEqual(
          [trade.timeMs, trade.price, trade.quantity, trade.takerSide],
          [t.timeMs, t.price, t.quantity, t.takerSide],
        );
      });
      ok(reader.gaps(symbol).every((gap) => gap.state === "repaired"));
    }
  } finally {
    await Deno.remove(temporary, { recursive: true });
  }
});
