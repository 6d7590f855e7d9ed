/// <reference lib="dom" />
import { venueOf } from "../../../market/mod.ts";
import type { SymbolQuality } from "../../../store/mod.ts";
import { element } from "../dom.ts";

function count(value: number, one: string, many: string): string {
  return `${value.toLocaleString("en")} ${value === 1 ? one : many}`;
}

/** Where ids are not counted, nobody can say more than that nothing is known to be missing. */
function nothingMissing(symbol: string): string {
  return venueOf(symbol)?.promises.denseIds === false
    ? "nothing known to be missing (the venue does not count its trades)"
    : "nothing missing";
}

/** One line per symbol: how many trades, and whether anything is missing. */
export function showQuality(
  list: HTMLElement,
  quality: readonly SymbolQuality[],
  symbols: readonly string[],
): void {
  const shown = symbols.map((symbol) => quality.find((q) => q.symbol === symbol))
    .filter((q) => q !== undefined);
  list.replaceChildren(...shown.map((q) => {
    const facts = [
      count(q.stored, "trade", "trades"),
      count(q.duplicate, "duplicate dropped", "duplicates dropped"),
      ...(q.late > 0 ? [count(q.late, "late", "late")] : []),
      ...(q.quarantined > 0 ? [count(q.quarantined, "set aside", "set aside")] : []),
      ...(q.gapsRepaired > 0 ? [count(q.gapsRepaired, "gap repaired", "gaps repaired")] : []),
    ];
    const gaps = [
      ...(q.gapsOpen > 0 ? [count(q.gapsOpen, "gap open", "gaps open")] : []),
      ...(q.gapsLost > 0 ? [count(q.gapsLost, "gap lost", "gaps lost")] : []),
    ];
    return element(
      "li",
      {},
      element("b", {}, q.symbol),
      ` ${facts.join(", ")}, `,
      gaps.length === 0
        ? nothingMissing(q.symbol)
        : element("span", { class: "bad" }, gaps.join(", ")),
    );
  }));
}
