/** What a disk and other programs do to a running ingest, and what it does about it. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { DatabaseSync } from "node:sqlite";
import { controlClient } from "../../lib/apps/control_client.ts";
import { verifyDatabase } from "../../lib/apps/verify/verify_database.ts";
import { type Exchange, startExchange } from "../../lib/exchange/mod.ts";
import { isSameTrade } from "../../lib/market/mod.ts";
import { openReader } from "../../lib/store/mod.ts";
import { withIngest } from "../apps/support/with_ingest.ts";
import { run, until } from "../support/programs.ts";
import { fillUp, mountSmall } from "../support/small_disk.ts";

const quiet = {
  signal: new AbortController().signal,
  report: { info() {}, warn() {}, progress() {}, print() {} },
};

/** What is stored is what was traded, from the first stored trade on, and the bars follow from it. */
async function check(database: string, exchange: Exchange): Promise<void> {
  for (const symbol of exchange.symbols) {
    using reader = openReader(database);
    const stored = reader.trades({ symbol });
    const first = stored[0]!.tradeId;
    const truth = exchange.aggTrades(symbol).filter((t) =>
      t.tradeId >= first && t.tradeId <= stored.at(-1)!.tradeId
    );
    strictEqual(stored.length, truth.length, symbol);
    ok(stored.every((trade, k) => isSameTrade(trade, truth[k]!)), symbol);
    ok(reader.gaps(symbol).every((gap) => gap.state === "repaired"));
  }
  for (const finding of await verifyDatabase({ database, symbols: [], json: false }, quiet)) {
    deepStrictEqual(finding.differences, []);
  }
}

Deno.test("a detached ingest waits out a full disk, its log's too, and then stores everything", async (t) => {
  await using small = await mountSmall(6e6, t.name);
  if (small === null) return;
  const database = `${small.folder}/tandem.db`;
  await using exchange = await startExchange({
    source: { seed: 3, symbols: 2, ratePerSecond: 600 },
  });
  const { wsUrl, restUrl } = exchange;
  const started = await run(
    "ingest",
    ...["--all", "--warm", "0", "--db", database, "--detach"],
    ...["--ws-url", wsUrl, "--rest-url", restUrl],
  );
  strictEqual(started.code, 0, started.err);
  const ingest = await controlClient(database);
  try {
    await until(async () => (await ingest.status()).stored > 300, 30_000);
    fillUp(`${small.folder}/ballast`);
    await until(async () => (await ingest.status()).storage !== null, 30_000);
    const { storage, stored } = await ingest.status();
    match(storage!.message, /the disk is full: free some space/);
    // Long enough for many lines that cannot be logged, and many trades that wait.
    await wait(2_000);
    strictEqual((await ingest.status()).stored, stored);
    const told = await run("status", "--db", database);
    match(told.out, /STORAGE {5}nothing since .* the disk is full/);

    await Deno.remove(`${small.folder}/ballast`);
    await until(async () => (await ingest.status()).storage === null, 30_000);
    const last = exchange.symbols.map((s) => exchange.aggTrades(s).at(-1)!.tradeId);
    await until(() => {
      using reader = openReader(database);
      return exchange.symbols.every((symbol, k) =>
        reader.trades({ symbol, fromId: last[k]!, limit: 1 }).length > 0
      );
    }, 30_000);
  } finally {
    await run("stop", "--db", database);
  }
  match(await Deno.readTextFile(`${database}.log`), /info Storing again after \d+ s/);
  await check(database, exchange);
});

Deno.test("ingest waits for a foreign lock to go, and goes on without a loss", async () => {
  await withIngest({ warmMs: 0 }, async ({ exchange, database, log, until }) => {
    const ingest = await controlClient(database);
    await until("trades", async () => (await ingest.status()).stored > 100);
    const foreign = new DatabaseSync(database, { timeout: 5_000 });
    foreign.exec("BEGIN IMMEDIATE; UPDATE writer SET host = host");
    await until("the problem", async () => (await ingest.status()).storage !== null);
    const { stored } = await ingest.status();
    match(log.join("\n"), /another program holds its lock: close that program/);
    await wait(1_000);
    strictEqual((await ingest.status()).stored, stored);
    foreign.exec("COMMIT");
    foreign.close();
    await until("the end of it", () => log.some((line) => /^Storing again after/.test(line)));
    await until("more trades", async () => (await ingest.status()).stored > stored + 200);
    await check(database, exchange);
  });
});

Deno.test("ingest ends with a sentence when its database is removed", async () => {
  let isTold = false;
  try {
    await withIngest({ warmMs: 0 }, async ({ database, until }) => {
      const ingest = await controlClient(database);
      await until("trades", async () => (await ingest.status()).stored > 50);
      await Deno.remove(database);
      await until("the end", () => false);
    });
  } catch (error) {
    match(String(error), /StoreError: Cannot go on writing .* removed or replaced: start again/);
    isTold = true;
  }
  ok(isTold);
});

Deno.test("ingest does not begin on a disk that is read-only, and says so", async (t) => {
  await using small = await mountSmall(6e6, t.name);
  if (small === null) return;
  await using exchange = await startExchange({
    source: { seed: 3, symbols: 1, ratePerSecond: 10 },
  });
  await small.makeReadOnly();
  const { wsUrl, restUrl } = exchange;
  const { code, err } = await run(
    "ingest",
    ...["--all", "--db", `${small.folder}/tandem.db`, "--ws-url", wsUrl, "--rest-url", restUrl],
  );
  strictEqual(code, 1);
  match(err.trim(), /^Cannot write beside ".*" as its folder is missing or read-only: check/);
});
