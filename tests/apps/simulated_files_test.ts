import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { runExport } from "../../lib/apps/export/run_export.ts";
import type { ExportOptions } from "../../lib/apps/export.ts";
import { runImport } from "../../lib/apps/import/run_import.ts";
import { readFileBars } from "../../lib/apps/screen/file_bars.ts";
import { openReader, openWriter } from "../../lib/store/mod.ts";
import { tradesOf, VENUE, withFolder } from "../store/support/days.ts";
import { quiet, withDatabase } from "./support/with_database.ts";
import { withIngest } from "./support/with_ingest.ts";

const SYMBOL = "BTCUSDT";

function take(database: string, ...files: string[]): Promise<void> {
  return runImport({
    ...{ database, files, symbol: null, zone: "UTC", format: null, refusedFile: null },
    ...{ json: false, intervalMs: null, streamKind: "aggTrade" },
  }, quiet);
}

/** What a database says of itself, and how much it holds of the symbol. */
function held(database: string): { simulated: boolean; trades: number; bars: number } {
  using reader = openReader(database);
  return {
    simulated: reader.heartbeat()!.simulated,
    trades: reader.trades({ symbol: SYMBOL }).length,
    bars: reader.bars({ symbol: SYMBOL, intervalMs: 60_000 }).length,
  };
}

function makeReal(database: string): void {
  using writer = openWriter(database, {
    identity: { pid: 1, host: "here", startedAtMs: 0, simulated: false },
  });
  writer.register(VENUE, SYMBOL, "aggTrade");
  writer.write({ trades: tradesOf(SYMBOL, { days: 1, perDay: 200 }) });
}

Deno.test("import makes a simulated database of what export wrote of one, in every format", async () => {
  await withDatabase(async (database, _reader, write) => {
    for (const what of ["trades", "bars"] as const) {
      for (const format of ["csv", "csv.gz", "parquet"] as const) {
        const again = `${database}.${what}.${format}.db`;
        const path = `${database}.${what}.${format}`;
        await take(again, await write({ what, symbols: [SYMBOL], file: { path, format } }));
        const { simulated, trades, bars } = held(again);
        deepStrictEqual([simulated, trades > 0, bars > 0], [true, what === "trades", true]);
      }
    }
    const told: string[] = [];
    const report = { ...quiet.report, warn: (text: string) => told.push(text) };
    const file = await write({ what: "bars", symbols: [SYMBOL] });
    ok((await readFileBars([file], 60_000, { ...quiet, report })).length > 0);
    deepStrictEqual(told, [`${file}: SIMULATED prices, as the file says`]);
  });
});

Deno.test("import puts no simulated rows beside real ones, and takes the other files", async () => {
  await withDatabase(async (database, _reader, write) => {
    const refused = /Cannot store simulated trades in ".*" as it holds real ones: name another/;
    for (const what of ["trades", "bars"] as const) {
      const file = { path: `${database}.${what}.csv`, format: "csv" } as const;
      const marked = await write({ what, file });
      const real = `${database}.${what}.real.db`;
      makeReal(real);
      const before = held(real);
      await rejects(take(real, marked), refused);
      deepStrictEqual(held(real), before);
      // Bars of a file are real, too, and the mark of a database is never taken away.
      const plain = `${database}.${what}.plain.csv`;
      const text = Deno.readTextFileSync(await write({ what: "bars", symbols: [SYMBOL] }));
      Deno.writeTextFileSync(plain, text.replaceAll(/,(simulated|true)(?=\r\n)/g, ""));
      const ofBars = `${database}.${what}.bars.db`;
      await rejects(take(ofBars, plain, marked), refused);
      const { simulated, trades, bars } = held(ofBars);
      deepStrictEqual([simulated, trades, bars > 0], [false, 0, true]);
    }
  });
});

Deno.test(
  "export of real trades says nothing, and importing them changes no mark",
  withFolder(async (database) => {
    makeReal(database);
    const file = { path: `${database}.csv`, format: "csv" } as const;
    const options: ExportOptions = {
      ...{ database, what: "trades", symbols: [], intervalMs: 60_000, fromMs: null, toMs: null },
      ...{ pair: { windowBars: 20 }, file },
    };
    await runExport(options, quiet);
    ok(!Deno.readTextFileSync(file.path).includes("simulated"));
    await take(`${database}.again.db`, file.path);
    strictEqual(held(`${database}.again.db`).simulated, false);
  }),
);

Deno.test("an ingest that stores real trades is given no simulated ones by import", async () => {
  await withDatabase(async (source, _reader, write) => {
    const marked = await write({ what: "bars", symbols: ["ETHUSDT"] });
    const other = `${source}.ADAUSDT.csv`;
    Deno.writeTextFileSync(other, Deno.readTextFileSync(marked).replaceAll("ETHUSDT", "ADAUSDT"));
    await withIngest({}, async ({ database }) => {
      await take(database, other);
      using reader = openReader(database);
      ok(reader.bars({ symbol: "ADAUSDT", intervalMs: 60_000 }).length > 0);
      // No real exchange can be had here: the database says that this one is.
      using db = new DatabaseSync(database, { timeout: 5_000 });
      db.exec("UPDATE writer SET simulated = 0");
      const error = await take(database, other).then(() => "none", String);
      match(error, /Cannot store simulated trades in ".*" as it holds real ones/);
    });
  });
});
