/// <reference lib="dom" />
import { element } from "../dom.ts";
import { readSettings, type Settings, settingsParams } from "../pair/settings.ts";

/** What a backtest is asked with: a pair as the pair view has it, and costs. */
export interface BacktestSettings {
  readonly pair: Settings;
  /** Fee per leg and fill, in basis points. */
  readonly feeBps: number;
  /** What a fill loses to the price it is booked at, in basis points. */
  readonly slippageBps: number;
  /** Whether other thresholds and windows are tried as well. */
  readonly sweep: boolean;
}

const LEAST_LIMIT = 20_000;

/** Reads what is in an address. */
export function readBacktest(search: string): BacktestSettings {
  const params = new URLSearchParams(search);
  const bps = (name: string, by: number) => {
    const value = Number(params.get(name) ?? NaN);
    return value >= 0 && value <= 1_000 ? value : by;
  };
  const pair = readSettings(search);
  return {
    pair: params.has("limit") ? pair : { ...pair, limit: LEAST_LIMIT },
    feeBps: bps("fee", 5),
    slippageBps: bps("slippage", 0),
    sweep: params.get("sweep") === "1",
  };
}

/** The parameters of an address, and of a question to the hub. */
export function backtestParams(settings: BacktestSettings): URLSearchParams {
  const { pair, feeBps, slippageBps, sweep } = settings;
  const params = settingsParams({ ...pair, chart: "pair" });
  const all = { interval: pair.interval, window: pair.window, limit: pair.limit };
  for (const [name, value] of Object.entries(all)) params.set(name, String(value));
  params.set("fee", String(feeBps));
  params.set("slippage", String(slippageBps));
  if (sweep) params.set("sweep", "1");
  return params;
}

/** The form of a backtest; what it says is asked when it is sent. */
export class BacktestForm {
  readonly root: HTMLFormElement;
  readonly #sweep = element("input", { type: "checkbox", name: "sweep" });

  /** Makes it; `changed` is called with what is asked. */
  constructor(changed: (settings: BacktestSettings) => void) {
    const field = (name: string, label: string, attributes: Record<string, string> = {}) =>
      element(
        "label",
        attributes.type === "number" ? { class: "number small" } : {},
        `${label} `,
        element("input", { name, required: true, ...attributes }),
      );
    const choice = (name: string, label: string, options: readonly (readonly [string, string])[]) =>
      element(
        "label",
        {},
        `${label} `,
        element(
          "select",
          { name },
          ...options.map(([value, text]) => element("option", { value }, text)),
        ),
      );
    const symbol = { list: "symbols", autocomplete: "off", spellcheck: "false" };
    const number = { type: "number", step: "any", min: "0", max: "100" };
    this.root = element(
      "form",
      { class: "controls", "aria-label": "Backtest" },
      field("y", "Dependent leg", symbol),
      field("x", "Hedge leg", symbol),
      choice("interval", "Interval", ["1s", "1m", "5m"].map((text) => [text, text])),
      field("window", "Window", { ...number, min: "3", max: "20000", step: "1" }),
      choice("method", "Hedge ratio", [
        ["rolling-ols", "Rolling fit (OLS)"],
        ["ols", "One fit (OLS)"],
        ["kalman", "Kalman filter"],
      ]),
      choice("scale", "Prices", [["log", "Log"], ["level", "Level"]]),
      field("exit", "Exit", number),
      field("entry", "Entry", number),
      field("stop", "Stop", number),
      field("fee", "Fee, bps", { ...number, max: "1000" }),
      field("slippage", "Slippage, bps", { ...number, max: "1000" }),
      choice(
        "limit",
        "History",
        ["1200", "3600", "20000", "100000"].map((text) => [
          text,
          `${Number(text).toLocaleString("en")} bars`,
        ]),
      ),
      element("label", { class: "check" }, this.#sweep, " Try other thresholds and windows"),
      element("button", { type: "submit" }, "Run"),
    );
    this.root.addEventListener("submit", (event) => {
      event.preventDefault();
      changed(this.#read());
    });
  }

  /** Shows settings. */
  show({ pair, feeBps, slippageBps, sweep }: BacktestSettings): void {
    const shown = { ...pair, fee: feeBps, slippage: slippageBps };
    for (const [name, value] of Object.entries(shown)) {
      const field = this.root.elements.namedItem(name);
      if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) {
        field.value = String(value);
      }
    }
    this.#sweep.checked = sweep;
  }

  #read(): BacktestSettings {
    const params = new URLSearchParams();
    for (const [name, value] of new FormData(this.root)) params.set(name, String(value));
    params.set("sweep", this.#sweep.checked ? "1" : "0");
    return readBacktest(`?${params}`);
  }
}
