import type { AlignedRow } from "./aligned_row.ts";

/**
 * Returns by how much one price of an asset is above another, in basis points of the other: of a
 * contract at two venues, or of two contracts on one thing.
 *
 * `10 000 (y / x - 1)`. There is none where one close was carried forward: it is older than the
 * other, and the difference may be the market's since then.
 *
 * @example A swap at OKX above Binance's, and a bar without a trade
 * ```ts
 * import { alignCloses, basisBps } from "tandem/pairs";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const bars = (closes: Record<number, number>) =>
 *   Object.entries(closes).map(([k, close]) => (
 *     { openTimeMs: Number(k) * 60_000, close, complete: true, revision: 0 }
 *   ));
 * const rows = alignCloses(
 *   bars({ 0: 80_040, 1: 80_008, 2: 80_000 }),
 *   bars({ 0: 80_000, 2: 80_000 }),
 *   { intervalMs: 60_000, fill: "previous" },
 * );
 * deepStrictEqual(rows.map(basisBps).map((b) => b === null ? b : Math.round(b)), [5, null, 0]);
 * ```
 *
 * @param row The closes of both legs, > 0; `y` is the one that is compared with `x`.
 * @returns Basis points; `null` where a close is carried forward.
 */
export function basisBps({ y, x, stale }: Pick<AlignedRow, "y" | "x" | "stale">): number | null {
  return stale ? null : 10_000 * (y - x) / x;
}
