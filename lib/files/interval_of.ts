/**
 * Returns the step between most rows, ms, or `null` where no row follows another.
 *
 * @param rows Symbol and time of each row, in the order of the file; times that are `NaN` do not
 *   count.
 */
export function usualStepMs(rows: readonly (readonly [string, number])[]): number | null {
  const last = new Map<string, number>();
  const counts = new Map<number, number>();
  for (const [symbol, timeMs] of rows) {
    if (Number.isNaN(timeMs)) continue;
    const stepMs = Math.abs(timeMs - (last.get(symbol) ?? timeMs));
    last.set(symbol, timeMs);
    if (stepMs > 0 && stepMs % 1_000 === 0) counts.set(stepMs, (counts.get(stepMs) ?? 0) + 1);
  }
  let usual: number | null = null;
  for (const [stepMs, count] of counts) {
    const most = usual === null ? 0 : counts.get(usual)!;
    if (count > most || count === most && stepMs < usual!) usual = stepMs;
  }
  return usual;
}
