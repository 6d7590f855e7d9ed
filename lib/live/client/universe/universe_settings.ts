/// <reference lib="dom" />
import type { ScreenRequest } from "../../protocol.ts";
import type { TableSort } from "../data_table.ts";

/** What the universe view shows; all of it is in the address. */
export interface UniverseSettings {
  readonly interval: string;
  /** Bars in the window. */
  readonly window: number;
  readonly rows: "discoveries" | "candidates" | "all";
  readonly limit: number;
  /** Part of a symbol. */
  readonly find: string;
  readonly minHalfLife: number | null;
  readonly maxHalfLife: number | null;
  readonly minQuoteVolume: number | null;
  /** Largest share of bars without a trade, %. */
  readonly maxStale: number;
  readonly part: "correlation" | "pValue";
  readonly sort: TableSort;
}

const DEFAULTS = {
  interval: "1s",
  rows: "candidates",
  limit: 100,
  part: "correlation",
  maxStale: 25,
} as const;
/** Bars in the window unless the reader says otherwise: enough for a test, and soon there. */
const WINDOWS: Readonly<Record<string, number>> = { "1s": 300, "1m": 240, "5m": 288 };
const NUMBERS = ["window", "minHalfLife", "maxHalfLife", "minQuoteVolume"] as const;

/** Reads what is in an address. */
export function readUniverse(search: string): UniverseSettings {
  const params = new URLSearchParams(search);
  const number = (name: string) => {
    const value = Number(params.get(name) || NaN);
    return value > 0 ? value : null;
  };
  const rows = params.get("rows");
  const key = params.get("sort");
  const interval = params.get("interval") ?? DEFAULTS.interval;
  return {
    interval,
    window: Math.max(21, Math.floor(number("window") ?? WINDOWS[interval] ?? 300)),
    rows: rows === "discoveries" || rows === "all" ? rows : DEFAULTS.rows,
    limit: Math.min(500, Math.floor(number("limit") ?? DEFAULTS.limit)),
    find: (params.get("find") ?? "").toUpperCase(),
    minHalfLife: number("minHalfLife"),
    maxHalfLife: number("maxHalfLife"),
    minQuoteVolume: number("minQuoteVolume"),
    maxStale: Math.min(100, number("maxStale") ?? DEFAULTS.maxStale),
    part: params.get("part") === "pValue" ? "pValue" : DEFAULTS.part,
    sort: key === null ? null : { key, descends: params.get("order") === "desc" },
  };
}

/** The parameters of the view, without what is a default. */
export function universeParams(settings: UniverseSettings): URLSearchParams {
  const { sort, ...rest } = settings;
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(rest)) {
    const isDefault = name === "window"
      ? value === WINDOWS[settings.interval]
      : value === (DEFAULTS as Readonly<Record<string, unknown>>)[name];
    if (value !== null && value !== "" && !isDefault) params.set(name, String(value));
  }
  if (sort !== null) {
    params.set("sort", sort.key);
    params.set("order", sort.descends ? "desc" : "asc");
  }
  return params;
}

/** What is asked of the hub; a whole symbol is looked for there, among all pairs. */
export function screenRequest(
  settings: UniverseSettings,
  symbols: readonly string[],
): ScreenRequest {
  const { interval, rows, limit, find, maxStale } = settings;
  const given = NUMBERS.flatMap((name) => settings[name] === null ? [] : [[name, settings[name]]]);
  return {
    kind: "screen",
    ...{ interval, rows, limit, maxStale: maxStale / 100 },
    ...Object.fromEntries(given),
    ...(symbols.includes(find) ? { symbol: find } : {}),
  };
}

/** The query of the heat map of the same screen. */
export function matrixQuery(settings: UniverseSettings): string {
  const { kind: _, rows: _rows, limit: _limit, ...rest } = screenRequest(settings, []);
  const params = new URLSearchParams({ of: settings.part });
  for (const [name, value] of Object.entries(rest)) params.set(name, String(value));
  for (const name of ["minHalfLife", "maxHalfLife"]) params.delete(name);
  return params.toString();
}
