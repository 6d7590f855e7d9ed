import { venueOf } from "../market/mod.ts";
import { UsageError } from "./program.ts";

/**
 * Refuses symbols of venues that only files can be had of.
 *
 * @throws {UsageError} If there is one.
 */
export function refuseOtherVenues(action: string, symbols: readonly string[]): void {
  const other = symbols.find((symbol) => symbol.includes(":"));
  if (other === undefined) return;
  throw new UsageError(
    `Cannot ${action} ${other} as live and past trades come from Binance only, by plain names such ` +
      `as "BTCUSDT": trades of ${
        venueOf(other)?.name ?? "other venues"
      } can be imported from files`,
  );
}
