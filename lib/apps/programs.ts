import type { Program } from "./program.ts";
import { alerts } from "./alerts.ts";
import { backup } from "./backup.ts";
import { courier } from "./courier.ts";
import { backfill } from "./backfill.ts";
import { backtest } from "./backtest.ts";
import { ccxt } from "./ccxt.ts";
import { demo } from "./demo.ts";
import { doctor } from "./doctor.ts";
import { exchange } from "./exchange.ts";
import { exportTables } from "./export.ts";
import { feed } from "./feed.ts";
import { importFiles } from "./import.ts";
import { ingest } from "./ingest.ts";
import { logs } from "./logs.ts";
import { migrate } from "./migrate.ts";
import { notebook } from "./notebook.ts";
import { restore } from "./restore.ts";
import { screen } from "./screen.ts";
import { serve } from "./serve.ts";
import { status } from "./status.ts";
import { stop } from "./stop.ts";
import { store } from "./store.ts";
import { symbols } from "./symbols.ts";
import { verify } from "./verify.ts";

/** Every program, by the name it has in `deno task NAME`. */
export const PROGRAMS: ReadonlyMap<string, Program<unknown>> = new Map(
  [
    alerts,
    backfill,
    backtest,
    backup,
    ccxt,
    demo,
    doctor,
    exchange,
    exportTables,
    feed,
    importFiles,
    ingest,
    logs,
    migrate,
    notebook,
    restore,
    screen,
    serve,
    status,
    stop,
    store,
    symbols,
    verify,
  ].map((program) => [program.name, program as Program<unknown>]),
);

/** Programs that only other programs start, by name. */
export const PARTS: ReadonlyMap<string, Program<unknown>> = new Map([
  [courier.name, courier as Program<unknown>],
]);

/**
 * The program a command line means, and its arguments: `export screen … --out FILE` is the program
 * that screens, with its options, and `export backtest …` likewise.
 */
export function programOf(
  name: string,
  args: readonly string[],
): { readonly program: Program<unknown> | undefined; readonly args: readonly string[] } {
  const [what = "", ...rest] = args;
  const isOther = name === exportTables.name && [screen.name, backtest.name].includes(what) &&
    rest.some((arg) => /^(--out(=.*)?|--help|-h)$/.test(arg));
  return isOther ? { program: PROGRAMS.get(what), args: rest } : {
    program: PROGRAMS.get(name),
    args,
  };
}
