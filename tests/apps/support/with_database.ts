import { runExport } from "../../../lib/apps/export/run_export.ts";
import type { ExportOptions } from "../../../lib/apps/export.ts";
import { HistoryWriter } from "../../../lib/apps/history/history_writer.ts";
import { startExchange } from "../../../lib/exchange/mod.ts";
import { openReader, openWriter, type StoreReader } from "../../../lib/store/mod.ts";

/** Nobody stops a program, and it tells nothing. */
export const quiet = {
  signal: new AbortController().signal,
  report: { info() {}, warn() {}, progress() {}, print() {} },
};

/** A database of two symbols, two hours long. */
export async function withDatabase(
  body: (
    database: string,
    reader: StoreReader,
    write: (more: Partial<ExportOptions>) => Promise<string>,
  ) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const database = `${folder}/tandem.db`;
    {
      await using exchange = await startExchange({
        source: {
          seed: 8,
          symbols: ["BTCUSDT", "ETHUSDT"],
          ratePerSecond: 4,
          historyMs: 7_200_000,
        },
      });
      using writer = openWriter(database, {
        identity: { pid: 1, host: "here", startedAtMs: 0, simulated: true },
      });
      for (const symbol of exchange.symbols) writer.register("binance-usdm", symbol, "aggTrade");
      using reader = openReader(database);
      const history = new HistoryWriter(writer, reader);
      for (const symbol of exchange.symbols) {
        const trades = exchange.aggTrades(symbol)
          .map(({ firstTradeId: _f, lastTradeId: _l, ...trade }) => trade);
        history.putTrades({
          ...{ venue: "binance-usdm", symbol, streamKind: "aggTrade", trades, rejected: [] },
        });
      }
    }
    using reader = openReader(database);
    await body(database, reader, async (more) => {
      const options: ExportOptions = {
        ...{ database, what: "bars", symbols: [], intervalMs: 60_000, fromMs: null, toMs: null },
        ...{ pair: { windowBars: 20 }, file: { path: `${folder}/out.csv`, format: "csv" } },
        ...more,
      };
      await runExport(options, quiet);
      return options.file.path;
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
