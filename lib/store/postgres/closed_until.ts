import type { ClosedUntil } from "../writer.ts";
import { arrayText } from "./arrays.ts";
import type { Step } from "./wire.ts";

/** Notes up to when bars are final; what is closed stays so, also when an earlier time is told. */
export function closeUntil(
  closed: readonly ClosedUntil[],
  idOf: (symbol: string) => number,
): Step[] {
  if (closed.length === 0) return [];
  const latest = new Map<number, number>();
  for (const { symbol, timeMs } of closed) {
    latest.set(idOf(symbol), Math.max(latest.get(idOf(symbol)) ?? 0, timeMs));
  }
  return [{
    sql: `UPDATE symbols s SET closed_until_ms = greatest(s.closed_until_ms, c.time_ms)
      FROM unnest($1::int[], $2::bigint[]) AS c (symbol_id, time_ms)
      WHERE s.symbol_id = c.symbol_id`,
    args: [arrayText(latest.keys()), arrayText(latest.values())],
  }];
}
