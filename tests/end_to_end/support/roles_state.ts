import type { Exchange } from "../../../lib/exchange/mod.ts";
import { openReader } from "../../../lib/store/mod.ts";
import { until } from "../../support/programs.ts";
import type { Role } from "./role.ts";

/** How many a log has that nobody has made otherwise. */
const PARTITIONS = 8;

/** Whether every store says last that it has its share, and none says so of the same partition. */
export function areFair(stores: readonly Role[]): boolean {
  const most = Math.ceil(PARTITIONS / stores.length);
  const own = stores.map(({ newest }) =>
    [...newest.matchAll(/Has \d+ of \d+ partitions \(([\d, ]*)\)/g)].at(-1)?.[1]?.split(", ") ?? []
  );
  return new Set(own.flat()).size === PARTITIONS && own.every(({ length }) => length <= most);
}

/** Waits until something new of each symbol is stored. */
export async function untilAllTold(
  database: string,
  exchange: Exchange,
  patienceMs: number,
): Promise<void> {
  const lastIds = newestIds(exchange);
  using reader = openReader(database);
  const has = ([symbol, fromId]: [string, number]) =>
    reader.trades({ symbol, fromId, limit: 1 }).length > 0;
  await until(() => lastIds.every(has), patienceMs);
}

/** Waits until all that was traded by now is stored, and no gap is open. */
export async function untilWhole(
  database: string,
  exchange: Exchange,
  patienceMs: number,
): Promise<void> {
  await untilAllTold(database, exchange, patienceMs);
  using reader = openReader(database);
  const isWhole = (symbol: string) => reader.gaps(symbol).every((gap) => gap.state !== "open");
  await until(() => exchange.symbols.every(isWhole), patienceMs);
}

function newestIds(exchange: Exchange): [string, number][] {
  return exchange.symbols.map((symbol) => [symbol, exchange.aggTrades(symbol).at(-1)!.tradeId]);
}
