import type { Range } from "./filler.ts";

const BAR_CELLS = 20;

/** How far a range is filled, as one line with a bar. */
export function progressLine(
  { symbol, fromMs, toMs }: Range,
  { at, of }: { readonly at: number; readonly of: number },
  reachedMs: number,
  stored: number,
  tookMs: number,
): string {
  const done = Math.min(1, Math.max(0, (reachedMs - fromMs) / (toMs - fromMs)));
  const cells = Math.round(done * BAR_CELLS);
  const bar = "#".repeat(cells) + "-".repeat(BAR_CELLS - cells);
  const leftS = done > 0.02 ? Math.round(tookMs / 1_000 * (1 - done) / done) : null;
  return `[${bar}] ${Math.floor(100 * done)}% ${symbol} (${at + 1} of ${of}), at ${
    new Date(Math.min(reachedMs, toMs)).toISOString().slice(0, 16)
  }, ${stored} stored${leftS === null ? "" : `, about ${leftS} s left`}`;
}
