// deno-lint-ignore-file no-console -- why tests are skipped is printed
/** A venue through ccxt as a user has it: the gateway and an ingest, cut off, killed and started again. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { controlClient } from "../../lib/apps/control_client.ts";
import { openReader } from "../../lib/store/mod.ts";
import { whyNoCcxt } from "../feed/support/ccxt_gateway.ts";
import { ccxtSubject } from "../feed/support/ccxt_subject.ts";
import { run, start, until } from "../support/programs.ts";
import { startCuttable } from "./support/cuttable.ts";

const reason = await whyNoCcxt();
if (reason !== null) console.log(`skipped: ingest through ccxt, as it cannot be had: ${reason}`);

Deno.test({
  name: "ingest takes trades through ccxt, and goes on where it was cut off and killed",
  ignore: reason !== null,
}, async () => {
  const { symbols: [symbol, other], natives: [native], truth } = ccxtSubject(() => {
    throw new TypeError("Only its truth is asked for");
  });
  const folder = await Deno.makeTempDir();
  const database = `${folder}/tandem.db`;
  // So slow that all of it is among the last 1,000 trades while the program starts again.
  const { exchange: started, cut } = await startCuttable(40);
  await using exchange = started;
  await using gateway = start("ccxt", "bybit", "--port", "0", "--venue-url", exchange.restUrl);
  const count = () => {
    try {
      using reader = openReader(database);
      return reader.trades({ symbol }).length;
    } catch {
      return 0;
    }
  };
  const more = (than: number, by: number) => until(() => count() > than + by, 60_000);
  try {
    await until(() => gateway.out.includes("http://"));
    const url = /http:\S+\d/.exec(gateway.out)![0];
    const places = ["--db", database, "--ccxt-url", url];
    {
      await using ingest = start("ingest", "BYBIT:btc/usdt:usdt", ...places);
      await more(0, 20);
      const added = await run("symbols", "add", other, "--db", database);
      match(added.out, /^bybit:ETH\/USDT:USDT /m);
      const status = await run("status", "--db", database);
      match(status.out, /bybit through ccxt: a missing trade is noticed after a lost connection/);
      const before = count();
      cut();
      await more(before, 20);
      Deno.kill((await controlClient(database)).pid, "SIGKILL");
      await ingest.stop();
    }
    const before = count();
    await using ingest = start("ingest", symbol, ...places);
    await more(before, 60);
    await until(() => {
      using reader = openReader(database);
      return reader.gaps(symbol).every(({ state }) => state !== "open");
    });
    strictEqual(await ingest.stop(), 0, ingest.err);

    using reader = openReader(database);
    const stored = reader.trades({ symbol });
    const [firstId, lastId] = [stored[0]!.tradeId, stored.at(-1)!.tradeId];
    const traded = truth(exchange, native, symbol)
      .filter(({ tradeId }) => tradeId >= firstId && tradeId <= lastId);
    const facts = ({ tradeId, timeMs, price, quantity, takerSide }: typeof stored[0]) =>
      [tradeId, timeMs, price, quantity, takerSide].join(" ");
    deepStrictEqual(stored.map(facts), traded.map(facts));
    ok(reader.gaps(symbol).length > 0, "what was missed was a gap");
    for (const gap of reader.gaps(symbol)) {
      deepStrictEqual([gap.venue, gap.state], ["ccxt-bybit", "repaired"], JSON.stringify(gap));
    }
    ok(reader.bars({ symbol, intervalMs: 1_000 }).every(({ complete }) => !complete));
    const verified = await run("verify", "--db", database);
    strictEqual(verified.code, 0, verified.out + verified.err);
    strictEqual(await gateway.stop(), 0, gateway.err);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("ingest says how to start ccxt, and refuses what no venue of it can give", async () => {
  const folder = await Deno.makeTempDir();
  const nobody = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${nobody.addr.port}`;
  nobody.close();
  try {
    const place = ["--db", `${folder}/tandem.db`, "--ccxt-url", url];
    const { code, err } = await run("ingest", "kraken:BTC/USD:USD", ...place);
    strictEqual(code, 1);
    match(err, /Nothing answers at .*: start it with "deno task ccxt kraken"/);
    const past = await run("backfill", "kraken:BTC/USD:USD", "--db", `${folder}/tandem.db`);
    strictEqual(past.code, 2);
    match(past.err, /Cannot backfill kraken:BTC\/USD:USD as that is done for Binance USD-M/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
