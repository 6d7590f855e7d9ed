import { type Venue, venueOf } from "../market/mod.ts";

/** The venues of some symbols, each once, in the order of their symbols. */
export function venuesOf(symbols: readonly string[]): Venue[] {
  return [...new Set(symbols.map(venueOf))].filter((venue) => venue !== null);
}

/** Says what can be relied on in the live trades of a venue. */
export function promiseOf({ name, promises }: Venue): string {
  const { noticed, reach, unproven } = promises;
  return `${name}: a missing trade is noticed ${noticed}, and fetched as far back as ${reach}` +
    (unproven === null ? "" : `; no bar is ever complete, as ${unproven}`);
}
