import type { IngestOptions } from "../../../lib/apps/ingest.ts";
import { runIngest } from "../../../lib/apps/ingest/run_ingest.ts";
import { KEEP_ALL } from "../../../lib/apps/retention_options.ts";
import { type Exchange, startExchange } from "../../../lib/exchange/mod.ts";

const PATIENCE_MS = 20_000;

/** Runs an ingest of everything against a simulated exchange; it is ended with the body. */
export async function withIngest(
  options: Partial<IngestOptions>,
  body: (it: {
    exchange: Exchange;
    database: string;
    log: string[];
    until: (what: string, isSo: () => boolean | Promise<boolean>) => Promise<void>;
  }) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const database = options.database ?? `${folder}/tandem.db`;
  const log: string[] = [];
  const note = (message: string) => void log.push(message);
  const stop = new AbortController();
  try {
    await using exchange = await startExchange({
      source: { seed: 5, symbols: ["BTCUSDT", "ETHUSDT", "我踏马来了USDT"], ratePerSecond: 300 },
    });
    const { wsUrl, restUrl } = exchange;
    const ingest = runIngest({
      symbols: [],
      all: true,
      quote: "USDT",
      database,
      streamKind: "aggTrade",
      wsUrl,
      restUrl,
      okxWsUrl: wsUrl,
      ccxtUrl: restUrl,
      okxRestUrl: restUrl,
      bybitWsUrl: wsUrl,
      bybitRestUrl: restUrl,
      symbolsPerSocket: 200,
      redundant: false,
      rotateMs: 82_800_000,
      refreshMs: 300,
      warmMs: 5_000,
      durationMs: null,
      synchronous: "NORMAL",
      recorded: [],
      recordFolder: null,
      alerts: null,
      logFile: null,
      retention: KEEP_ALL,
      healthPort: null,
      healthHost: "127.0.0.1",
      ...options,
    }, {
      signal: stop.signal,
      report: { info: note, warn: note, progress() {}, print: note },
    });
    const until = async (what: string, isSo: () => boolean | Promise<boolean>) => {
      const deadline = Date.now() + PATIENCE_MS;
      while (!await isSo()) {
        if (Date.now() > deadline) {
          throw new Error(`Waited in vain for ${what}:\n${log.join("\n")}`);
        }
        const polled = Promise.withResolvers<void>();
        const timer = setTimeout(polled.resolve, 20);
        await Promise.race([polled.promise, ingest]).finally(() => clearTimeout(timer));
      }
    };
    try {
      await until("the start", () => log.some((line) => line.startsWith("Ingesting ")));
      await body({ exchange, database, log, until });
    } finally {
      stop.abort();
      await ingest;
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
