import type { DatabaseSync } from "node:sqlite";
import { selectTradeColumns as selectFromFile } from "../../select_trades.ts";
import { TradeBuffer } from "../../trade_buffer.ts";
import type { TradeColumns } from "../../trade_columns.ts";
import type { Known } from "../known.ts";
import type { Link } from "../link.ts";
import { selectTradeColumns as selectFromServer } from "../select_trades.ts";
import type { Session } from "../session.ts";
import { planTrades } from "../trade_insert.ts";

/** Trades moved in one transaction, and compared at a time. */
const PAGE = 50_000;

/** Where trades come from. */
export interface TradeSource {
  readonly db: DatabaseSync;
  readonly path: string;
  readonly venue: string;
  readonly symbol: string;
}

/** Moves the next trades of a symbol, from the last that is there on; gives how many. */
export function moveTrades(source: TradeSource, session: Session, known: Known): number {
  const { db, path, venue, symbol } = source;
  const fromId = (known.lastIds.get(known.idOf(symbol)) ?? -1) + 1;
  const page = selectFromFile(db, path, { symbol, fromId, limit: PAGE });
  if (page.length === 0) return 0;
  const buffer = new TradeBuffer(venue, symbol);
  for (let k = 0; k < page.length; k++) {
    buffer.add(
      page.tradeId[k]!,
      page.timeMs[k]!,
      page.price[k]!,
      page.quantity[k]!,
      page.takerBought[k]!,
      page.source[k]!,
    );
  }
  session.transact(planTrades([buffer], known).steps);
  return page.length;
}

/** Compares the next trades of a symbol, bit by bit; gives the id to go on from, or `null` at the end. */
export async function compareTrades(
  { db, path, symbol }: TradeSource,
  link: Link,
  fromId: number,
): Promise<{ readonly equal: boolean; readonly nextId: number | null }> {
  const query = { symbol, fromId, limit: PAGE };
  const [ours, theirs] = [selectFromFile(db, path, query), selectFromServer(link, query)];
  const equal = ours.length === theirs.length && await digest(ours) === await digest(theirs);
  return { equal, nextId: ours.length < PAGE ? null : ours.tradeId.at(-1)! + 1 };
}

/** A hash of every cell. */
async function digest(columns: TradeColumns): Promise<string> {
  const { tradeId, timeMs, price, quantity, takerBought, source } = columns;
  const parts = [tradeId, timeMs, price, quantity, takerBought, source].map((column) =>
    new Uint8Array(column.buffer, column.byteOffset, column.byteLength)
  );
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
