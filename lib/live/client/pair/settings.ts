/// <reference lib="dom" />
import type { PairRequest } from "../../protocol.ts";

/** What the page shows; all of it is in the address, so that a view can be shared. */
export type Settings = Required<
  Pick<PairRequest, "y" | "x" | "interval" | "window" | "method" | "scale">
>;

const DEFAULTS: Omit<Settings, "y" | "x"> = {
  interval: "1s",
  window: 120,
  method: "rolling-ols",
  scale: "log",
};

const METHODS: readonly Settings["method"][] = ["rolling-ols", "ols", "kalman"];

/** Reads what is in an address; the legs are empty where it names none. */
export function readSettings(search: string): Settings {
  const params = new URLSearchParams(search);
  const window = Number(params.get("window"));
  return {
    y: (params.get("y") ?? "").toUpperCase(),
    x: (params.get("x") ?? "").toUpperCase(),
    interval: params.get("interval") ?? DEFAULTS.interval,
    window: Number.isInteger(window) && window >= 3 ? window : DEFAULTS.window,
    method: METHODS.find((method) => method === params.get("method")) ?? DEFAULTS.method,
    scale: params.get("scale") === "level" ? "level" : DEFAULTS.scale,
  };
}

/** The address of a view, without what is a default. */
export function writeSettings(settings: Settings): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(settings)) {
    const isDefault = value === (DEFAULTS as Readonly<Record<string, unknown>>)[name];
    if (value !== "" && !isDefault) params.set(name, String(value));
  }
  return `?${params}`;
}

/** The request of a view. */
export function toRequest(settings: Settings): PairRequest {
  return { kind: "pair", ...settings };
}

/** The query of the same view for the JSON and CSV addresses. */
export function toQuery(settings: Settings): string {
  return new URLSearchParams(
    Object.entries(settings).map(([name, value]) => [name, String(value)]),
  ).toString();
}
