/** Returns the earliest late trade of each symbol: from there on its bars are built anew. */
export function earliestPerSymbol(
  late: readonly { readonly symbol: string; readonly timeMs: number }[],
): { symbol: string; timeMs: number }[] {
  const earliest = new Map<string, number>();
  for (const { symbol, timeMs } of late) {
    earliest.set(symbol, Math.min(timeMs, earliest.get(symbol) ?? Infinity));
  }
  return [...earliest].map(([symbol, timeMs]) => ({ symbol, timeMs }));
}
