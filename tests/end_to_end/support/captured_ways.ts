/** The ways that captured trades take from an exchange into a database, with programs of their own. */
import { strictEqual } from "node:assert/strict";
import { openTimeOf } from "../../../lib/market/mod.ts";
import { openReader } from "../../../lib/store/mod.ts";
import { start, until } from "../../support/programs.ts";
import { Role } from "./role.ts";

/** What was captured: how many trades of each symbol, in which files. */
export interface Capture {
  readonly files: readonly string[];
  readonly trades: Readonly<Record<string, number>>;
}

/** A way: the programs that are started for it, given who they hear and the symbol each is waited for. */
export interface Way {
  readonly database: string;
  /** How many programs hear the exchange. */
  readonly hearing: number;
  programs(hear: (k: number) => readonly string[]): readonly Role[];
}

const PATIENCE_MS = 120_000;
/** Times its own pace: some four seconds. */
const SPEED = "120";

/** Through one process. */
export function byIngest(database: string): Way {
  return {
    ...{ database, hearing: 1 },
    programs: (hear) => [new Role("ingest", ...hear(0), "--db", database)],
  };
}

/** Through two feeds, a log on the nats-server `bus`, and a store. */
export function byRoles(database: string, bus: string): Way {
  const log = ["--bus", bus, "--log", crypto.randomUUID()];
  const feed = (hear: readonly string[], name: string) =>
    new Role("feed", ...hear, "--name", `${name}-${Deno.pid}`, ...log);
  return {
    ...{ database, hearing: 2 },
    programs: (hear) => [
      ...[feed(hear(0), "first"), feed(hear(1), "second")],
      new Role("store", ...log, "--db", database),
    ],
  };
}

/**
 * Replays a capture once for all ways at the same time. Every program that hears it follows a symbol
 * besides that is its own: the replay begins when each symbol is followed, so that all hear the same.
 *
 * @param folder For what is put beside the capture.
 */
export async function replay(
  capture: Capture,
  ways: readonly Way[],
  folder: string,
): Promise<void> {
  const count = ways.reduce((sum, { hearing }) => sum + hearing, 0);
  const own = Array.from({ length: count }, (_, k) => `OWN${k}USDT`);
  await Deno.writeTextFile(`${folder}/own.txt`, await linesOf(capture.files[0]!, own));
  await using exchange = start(
    ...["exchange", "--json", "--speed", SPEED] as const,
    ...["--replay", ...capture.files, `${folder}/own.txt`],
  );
  const { wsUrl, restUrl } = await exchange.json<{ wsUrl: string; restUrl: string }>();
  const urls = ["--ws-url", wsUrl, "--rest-url", restUrl, "--stream", "trade"];
  await Promise.all(ways.map(async ({ database, hearing, programs }) => {
    const names = own.splice(0, hearing);
    const roles = programs((k) => [...Object.keys(capture.trades), names[k]!, ...urls]);
    await untilStored(capture, database, roles);
  }));
}

/** The first trade of a captured file, as one of each of other symbols. */
async function linesOf(file: string, symbols: readonly string[]): Promise<string> {
  const { readable } = await Deno.open(file);
  const text = await new Response(readable.pipeThrough(new DecompressionStream("gzip"))).text();
  const line = text.split("\n").find((each) => each.includes('@trade"'))!;
  const symbol = /"s":"(\w+)"/.exec(line)![1]!;
  return symbols.map((other) =>
    `${line.replaceAll(symbol, other).replaceAll(symbol.toLowerCase(), other.toLowerCase())}\n`
  ).join("");
}

/** Lets programs work until everything is stored. */
async function untilStored(
  { trades }: Capture,
  database: string,
  roles: readonly Role[],
): Promise<void> {
  const isStored = ([symbol, count]: [string, number]) =>
    storedTrades(database, symbol) >= count && hasClosedBars(database, symbol);
  try {
    for (const role of roles) role.start();
    await until(() => Object.entries(trades).every(isStored), PATIENCE_MS, 200);
    for (const role of roles) strictEqual(await role.stop(), 0, role.log);
  } catch (error) {
    const logs = roles.map((role) => role.log).join("\n");
    throw new Error(`${(error as Error).message}\n${logs}`, { cause: error });
  } finally {
    for (const role of roles) await role.kill();
  }
}

function storedTrades(database: string, symbol: string): number {
  try {
    using reader = openReader(database);
    return reader.quality().find((q) => q.symbol === symbol)?.stored ?? 0;
  } catch {
    return 0;
  }
}

/** Whether the second of the last stored trade is closed: the exchange's clock runs on after the replay. */
function hasClosedBars(database: string, symbol: string): boolean {
  using reader = openReader(database);
  const last = reader.symbols().find((s) => s.symbol === symbol)?.lastTradeTimeMs;
  const [second] = reader.bars({ symbol, intervalMs: 1_000, limit: 1 });
  return last !== null && last !== undefined && second?.openTimeMs === openTimeOf(last, 1_000);
}
