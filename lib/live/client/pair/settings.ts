/// <reference lib="dom" />
import { symbolName } from "../../../market/mod.ts";
import { DEFAULT_THRESHOLDS } from "../../../charts/mod.ts";
import type { BarsRequest, PairRequest } from "../../protocol.ts";

/** Which chart of a pair is shown: that of the pair, or the candles of a leg. */
export type ChartChoice = "pair" | "y" | "x";

/** What the page shows of a pair; all of it is in the address, so that a view can be shared. */
export interface Settings extends
  Required<
    Pick<
      PairRequest,
      "y" | "x" | "interval" | "window" | "method" | "scale" | "exit" | "entry" | "stop" | "limit"
    >
  > {
  readonly chart: ChartChoice;
}

const DEFAULTS: Omit<Settings, "y" | "x"> = {
  interval: "1s",
  window: 120,
  method: "rolling-ols",
  scale: "log",
  ...DEFAULT_THRESHOLDS,
  limit: 3_600,
  chart: "pair",
};

const METHODS: readonly Settings["method"][] = ["rolling-ols", "ols", "kalman"];
const CHARTS: readonly ChartChoice[] = ["pair", "y", "x"];

/** Reads what is in an address; the legs are empty where it names none. */
export function readSettings(search: string): Settings {
  const params = new URLSearchParams(search);
  const number = (name: "window" | "limit" | "exit" | "entry" | "stop", least: number) => {
    const value = Number(params.get(name) ?? NaN);
    return value >= least ? value : DEFAULTS[name];
  };
  const [exit, entry, stop] = [number("exit", 0), number("entry", 0), number("stop", 0)];
  const inOrder = exit < entry && entry < stop && stop <= 100;
  return {
    y: symbolName(params.get("y") ?? ""),
    x: symbolName(params.get("x") ?? ""),
    interval: params.get("interval") ?? DEFAULTS.interval,
    window: Math.floor(number("window", 3)),
    method: METHODS.find((method) => method === params.get("method")) ?? DEFAULTS.method,
    scale: params.get("scale") === "level" ? "level" : DEFAULTS.scale,
    ...(inOrder ? { exit, entry, stop } : DEFAULT_THRESHOLDS),
    limit: Math.floor(number("limit", 1)),
    chart: CHARTS.find((chart) => chart === params.get("chart")) ?? DEFAULTS.chart,
  };
}

/** The parameters of a view, without what is a default. */
export function settingsParams(settings: Settings): URLSearchParams {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(settings)) {
    const isDefault = value === (DEFAULTS as Readonly<Record<string, unknown>>)[name];
    if (value !== "" && !isDefault) params.set(name, String(value));
  }
  return params;
}

/** The address of a view, without what is a default. */
export function writeSettings(settings: Settings): string {
  return `?${settingsParams(settings)}`;
}

/** The request of the chart that is shown. */
export function toRequest(settings: Settings): PairRequest | BarsRequest {
  const { chart, ...pair } = settings;
  if (chart === "pair") return { kind: "pair", ...pair };
  return { kind: "bars", symbol: settings[chart], interval: pair.interval, limit: pair.limit };
}

/** The query of the same pair for the JSON and CSV addresses. */
export function toQuery(settings: Settings): string {
  const { chart: _, ...pair } = settings;
  return new URLSearchParams(
    Object.entries(pair).map(([name, value]) => [name, String(value)]),
  ).toString();
}
