/**
 * Returns the symbol a file is named after, as in `BTCUSDT-aggTrades-2026-11-22.csv`,
 * `ADAUSDT-1m.csv` or `ethusdt_2024.csv`, or `null`: a name such as `prices.csv` tells none.
 */
export function symbolOfName(name: string): string | null {
  const file = name.slice(name.lastIndexOf("/") + 1);
  const first = /^[\p{L}\p{N}]{5,30}(?=[-_.])/u.exec(file)?.[0] ?? "";
  const isQuoted = /(USDT|USDC|BUSD|FDUSD|USD|BTC|ETH|EUR)$/i.test(first) && first.length > 5;
  return isQuoted ? first.toUpperCase() : null;
}
