/// <reference lib="dom" />
import type { SymbolQuality } from "../../store/mod.ts";
import { element } from "./dom.ts";

const count = (value: number) => value.toLocaleString("en");

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
      `${count(q.stored)} trades`,
      `${count(q.duplicate)} duplicates dropped`,
      ...(q.late > 0 ? [`${count(q.late)} late`] : []),
      ...(q.quarantined > 0 ? [`${count(q.quarantined)} set aside`] : []),
      ...(q.gapsRepaired > 0 ? [`${count(q.gapsRepaired)} gaps repaired`] : []),
    ];
    const gaps = [
      ...(q.gapsOpen > 0 ? [`${count(q.gapsOpen)} gaps open`] : []),
      ...(q.gapsLost > 0 ? [`${count(q.gapsLost)} gaps lost`] : []),
    ];
    return element(
      "li",
      {},
      element("b", {}, q.symbol),
      ` ${facts.join(", ")}, `,
      gaps.length === 0 ? "nothing missing" : element("span", { class: "bad" }, gaps.join(", ")),
    );
  }));
}
