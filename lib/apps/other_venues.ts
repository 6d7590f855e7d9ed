import { venueOf, VENUES } from "../market/mod.ts";
import { UsageError } from "./program.ts";

/**
 * Refuses symbols of venues that only files can be had of.
 *
 * @param taken The codes of the venues besides the one with plain names.
 * @throws {UsageError} If there is one.
 */
export function refuseOtherVenues(
  action: string,
  symbols: readonly string[],
  taken: readonly string[] = [],
): void {
  const other = symbols.find((symbol) =>
    symbol.includes(":") && !taken.includes(venueOf(symbol)?.code ?? "")
  );
  if (other === undefined) return;
  const ccxt = taken.length === 0
    ? ""
    : `, or followed through ccxt, by names such as "kraken:BTC/USD:USD"`;
  const names = taken.map((code) => ` and ${VENUES.find((venue) => venue.code === code)!.name}`);
  throw new UsageError(
    `Cannot ${action} ${other} as that is done for Binance USD-M, by plain names such as ` +
      `"BTCUSDT",${names.join("")} only: trades of ${
        venueOf(other)?.name ?? "other venues"
      } can be imported from files${ccxt}`,
  );
}
