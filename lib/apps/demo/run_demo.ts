import { isLeased, openReader } from "../../store/mod.ts";
import type { DemoOptions } from "../demo.ts";
import { exchange, type ExchangeOptions } from "../exchange.ts";
import { ingest, type IngestOptions } from "../ingest.ts";
import { KEEP_ALL } from "../retention_options.ts";
import { type Context, ProgramError } from "../program.ts";
import { serve, type ServeOptions } from "../serve.ts";
import { Parts } from "./parts.ts";

/** The line an exchange prints with `--json`. */
interface Addresses {
  readonly wsUrl: string;
  readonly restUrl: string;
  readonly pairs: readonly { readonly y: string; readonly x: string }[];
}

/** Runs the three programs, each with its own permissions, until the signal or until one fails. */
export async function runDemo(options: DemoOptions, { signal, report }: Context): Promise<void> {
  const { port, database } = options;
  if (isLeased(database)) {
    throw new ProgramError(
      `Cannot start the demo as another one is running on port ${port}: stop it, or choose another --port`,
    );
  }
  checkPort(port);
  await Deno.mkdir(`${options.place.project}/data`, { recursive: true });
  for (const end of ["", "-wal", "-shm", ".lock", ".control.json"]) {
    await Deno.remove(database + end).catch(() => {});
  }
  await using parts = new Parts(options.place, signal);

  report.info("Starting the simulated exchange");
  const market = parts.start(
    exchange,
    {
      port: 0,
      seed: options.seed,
      symbols: options.symbols,
      ratePerSecond: options.ratePerSecond,
      replay: [],
      speed: 1,
      start: "now",
      faults: "",
      json: true,
    } satisfies ExchangeOptions,
  );
  const addresses: Addresses = JSON.parse(await market.firstLine());

  report.info("Starting ingestion");
  parts.start(
    ingest,
    {
      symbols: [],
      all: true,
      quote: "USDT",
      database,
      streamKind: "aggTrade",
      wsUrl: addresses.wsUrl,
      restUrl: addresses.restUrl,
      okxWsUrl: addresses.wsUrl,
      okxRestUrl: addresses.restUrl,
      bybitWsUrl: addresses.wsUrl,
      bybitRestUrl: addresses.restUrl,
      ccxtUrl: addresses.restUrl,
      symbolsPerSocket: 200,
      redundant: false,
      rotateMs: 23 * 3_600_000,
      refreshMs: 3_600_000,
      warmMs: 600_000,
      durationMs: null,
      synchronous: "NORMAL",
      recordFolder: null,
      recorded: [],
      alerts: null,
      logFile: null,
      retention: KEEP_ALL,
      healthPort: null,
      healthHost: "127.0.0.1",
    } satisfies IngestOptions,
  );
  await parts.until(() => hasBars(database));

  const view = parts.start(
    serve,
    {
      database,
      hostname: "127.0.0.1",
      port,
      token: null,
      json: true,
      readOnly: false,
      mostUploadBytes: 1e9,
    } satisfies ServeOptions,
  );
  const { url } = JSON.parse(await view.firstLine()) as { url: string };
  const pair = addresses.pairs[0];
  const query = pair === undefined ? "" : `?y=${pair.y}&x=${pair.x}&interval=1s&window=120`;
  report.print(`Tandem shows a SIMULATED market (seed ${options.seed}) at ${url}${query}`);
  report.print("Ctrl-C ends it");
  await parts.untilOneEnds();
}

/** Refuses a port that is taken before anything is started. */
function checkPort(port: number): void {
  try {
    Deno.listen({ hostname: "127.0.0.1", port }).close();
  } catch (cause) {
    throw new ProgramError(
      `Cannot show the demo on port ${port} as another program uses it: choose another --port, or 0 for any free one`,
      { cause },
    );
  }
}

function hasBars(database: string): boolean {
  try {
    using reader = openReader(database);
    return reader.cursor() > 0;
  } catch {
    return false;
  }
}
