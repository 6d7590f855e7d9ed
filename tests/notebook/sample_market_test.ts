import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { ingest, pair, sampleMarket } from "../../lib/notebook/mod.ts";
import { openReader, openWriter } from "../../lib/store/mod.ts";

/** Runs with databases in a folder of its own. */
async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const before = Deno.env.get("TANDEM_DB");
  const folder = await Deno.makeTempDir();
  try {
    Deno.env.set("TANDEM_DB", `${folder}/tandem.db`);
    await body(folder);
  } finally {
    if (before === undefined) Deno.env.delete("TANDEM_DB");
    else Deno.env.set("TANDEM_DB", before);
    await Deno.remove(folder, { recursive: true });
  }
}

const fileNames = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

Deno.test("sampleMarket() makes the same complete bars wherever it is made", async () => {
  const made: unknown[] = [];
  for (let round = 0; round < 2; round++) {
    await inFolder(async (folder) => {
      using store = (await sampleMarket({ seed: 3, hours: 0.1, symbols: 3 })).store;
      const bars = store.bars({ symbol: "ETHUSDT", intervalMs: 1_000 });
      ok(bars.length > 200 && bars.every((bar) => bar.complete));
      strictEqual(store.bars({ symbol: "ETHUSDT", intervalMs: 60_000 }).length, 6);
      const trades = store.trades({ symbol: "SOLUSDT" });
      ok(trades.at(-1)!.timeMs < Date.UTC(2026, 0, 5, 12));
      ok(trades.every((trade, k) => k === 0 || trade.tradeId === trades[k - 1]!.tradeId + 1));
      strictEqual(store.heartbeat()?.simulated, true);
      made.push([bars, trades]);
      strictEqual(fileNames(folder).filter((name) => name.endsWith(".db")).length, 1);
    });
  }
  deepStrictEqual(made[0], made[1]);
});

Deno.test("sampleMarket() is found again, another seed is another market, and cells mean the last", async () => {
  await inFolder(async (folder) => {
    using first = (await sampleMarket({ hours: 0.1 })).store;
    const databases = () => fileNames(folder).filter((name) => name.endsWith(".db"));
    const made = databases();
    strictEqual((await sampleMarket({ hours: 0.1 })).store, first);
    deepStrictEqual(databases(), made);
    const own = pair("ETHUSDT", "BTCUSDT", { interval: "1s" }).rows();
    using _other = (await sampleMarket({ hours: 0.1, seed: 2 })).store;
    const others = pair("ETHUSDT", "BTCUSDT", { interval: "1s" }).rows();
    strictEqual(own.at(-1)!.openTimeMs, others.at(-1)!.openTimeMs);
    ok(own.at(-1)!.y !== others.at(-1)!.y);
  });
});

Deno.test("sampleMarket() refuses what would take for ever", async () => {
  await rejects(sampleMarket({ hours: 1e6 }), /at most 5000000: current value is 72000000000/);
  await rejects(sampleMarket({ hours: Number.NaN }), RangeError);
});

Deno.test("ingest() never empties a database of real trades for a simulation", async () => {
  await inFolder(async (folder) => {
    const db = `${folder}/real.db`;
    const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: false };
    {
      using writer = openWriter(db, { identity });
      writer.register("binance-usdm", "BTCUSDT", "aggTrade");
    }
    const simulating = ingest({ symbols: ["BTCUSDT"], db, simulated: true });
    await rejects(simulating, /real\.db as it does not hold simulated trades/);
    using reader = openReader(db);
    strictEqual(reader.symbols().length, 1);
  });
});

Deno.test("ingest() says which fault it does not know before it starts anything", async () => {
  await inFolder(async (folder) => {
    const simulated = { faults: "nonsense=1" };
    await rejects(ingest({ symbols: ["BTCUSDT"], simulated }), /nonsense/);
    deepStrictEqual(fileNames(folder), []);
  });
});
