import type { SymbolQuality } from "../../../store/mod.ts";
import type { TableColumn } from "../data_table.ts";

/** What is known of the stream of one symbol. */
export interface SymbolRow extends SymbolQuality {
  /** Trades stored per second of late, or `null` while it is not known. */
  readonly perSecond: number | null;
  /** Age of its newest trade, ms, by this machine's clock put right by the measured skew. */
  readonly lagMs: number | null;
}

const RATE_MS = 10_000;

/** Counts rates over the last ten seconds of looks. */
export class Rates {
  readonly #looks: { readonly atMs: number; readonly stored: ReadonlyMap<string, number> }[] = [];

  /** The rows of a look at a time; both clocks in ms, the first one steady. */
  rows(quality: readonly SymbolQuality[], steadyMs: number, nowMs: number): SymbolRow[] {
    while (this.#looks.length > 1 && steadyMs - this.#looks[0]!.atMs > RATE_MS) this.#looks.shift();
    const past = this.#looks[0];
    this.#looks.push({ atMs: steadyMs, stored: new Map(quality.map((q) => [q.symbol, q.stored])) });
    return quality.map((q) => {
      const before = past?.stored.get(q.symbol);
      return {
        ...q,
        perSecond: before === undefined || steadyMs <= past!.atMs
          ? null
          : 1_000 * (q.stored - before) / (steadyMs - past!.atMs),
        lagMs: q.lastTradeTimeMs === null
          ? null
          : Math.max(0, nowMs - (q.clockSkewMs ?? 0) - q.lastTradeTimeMs),
      };
    });
  }
}

const LATE_MS = 15_000;

/** A duration as a reader says it. */
export function age(ms: number | null): string {
  if (ms === null) return "–";
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 172_800_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} d`;
}

/** Bytes in the unit that suits them. */
export function bytes(count: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.min(4, Math.floor(Math.log10(Math.max(1, count)) / 3));
  const value = count / 1_000 ** power;
  return `${value >= 100 || power === 0 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

type Counted = {
  [K in keyof SymbolRow]: SymbolRow[K] extends number ? K : never;
}[keyof SymbolRow];

function count(key: Counted, label: string, title: string, isBad = false): TableColumn<SymbolRow> {
  return {
    ...{ key, label, title, descends: true },
    value: (row) => row[key],
    cell: (row) => {
      const text = row[key].toLocaleString("en");
      if (row[key] === 0) return { text, mark: "quiet" };
      return isBad ? { text, mark: "bad" } : text;
    },
  };
}

/** The columns of the table of symbols. */
export const SYMBOL_COLUMNS: readonly TableColumn<SymbolRow>[] = [
  {
    ...{ key: "symbol", label: "Symbol", title: "As the venue writes it" },
    value: (row) => row.symbol,
    cell: (row) => row.symbol,
  },
  {
    ...{ key: "lag", label: "Last trade", title: "Age of the newest trade", descends: true },
    value: (row) => row.lagMs,
    cell: (row) => {
      const text = age(row.lagMs);
      return (row.lagMs ?? 0) > LATE_MS ? { text, mark: "bad" } : text;
    },
  },
  {
    ...{ key: "rate", label: "Trades/s", title: "Trades stored per second", descends: true },
    value: (row) => row.perSecond,
    cell: (row) => row.perSecond === null ? "–" : row.perSecond.toFixed(1),
  },
  count("stored", "Stored", "Trades stored since the database was made"),
  count("gapsOpen", "Gaps open", "Known gaps that are not repaired yet", true),
  count("gapsLost", "Gaps lost", "Gaps that are gone for good", true),
  count("gapsRepaired", "Repaired", "Gaps whose trades were all fetched"),
  count("late", "Late", "Times a trade came after its bar was closed; the bar was rebuilt"),
  count("duplicate", "Duplicates", "Trades that were known already and dropped"),
  count("quarantined", "Set aside", "Frames that are no market trades, with the reason"),
  count("reconnects", "Reconnects", "Times its socket was opened anew"),
  {
    ...{
      key: "skew",
      label: "Clock skew",
      title: "Local clock less the exchange's",
      descends: true,
    },
    value: (row) => row.clockSkewMs === null ? null : Math.abs(row.clockSkewMs),
    cell: (row) =>
      row.clockSkewMs === null
        ? "–"
        : `${String(Math.round(row.clockSkewMs)).replace("-", "−")} ms`,
  },
];
