import { type SignalOptions, type SignalRules, signalRules } from "./signal.ts";

/** Basis points of the traded notional: the same for both legs, or one number each. */
export type LegBps = number | { readonly y: number; readonly x: number };

/**
 * When a decision is carried out: at the close it was made on, at the next bar's close or at the
 * next bar's open.
 */
export type FillTime = "close" | "next-close" | "next-open";

/**
 * How a hedge ratio becomes quantities. `units`: a ratio of units, from a regression of prices.
 * `dollar`: a ratio of notionals, from a regression of log prices.
 */
export type Sizing = "units" | "dollar";

/** How decisions become fills, and what fills cost. */
export interface ExecutionOptions {
  /** When a decision is carried out. @default {"next-close"} */
  readonly fill?: FillTime;
  /** Sum of both legs' absolute notionals at entry, in quote units; > 0. @default {10_000} */
  readonly grossNotional?: number;
  /** What returns refer to and the curve starts with, in quote units; > 0. @default {10_000} */
  readonly capital?: number;
  /** Fee of every fill, paid on each leg at entry and again at exit; >= 0. @default {5} */
  readonly feeBps?: LegBps;
  /** What a fill loses to the price it is booked at, on each leg and each time; >= 0. @default {0} */
  readonly slippageBps?: LegBps;
  /** Whether a position is sold at the last close, with the reason "end". @default {true} */
  readonly closeAtEnd?: boolean;
}

/** How to run a backtest. */
export interface BacktestOptions extends SignalOptions, ExecutionOptions {
  /** What kind of ratio the hedge ratio is. */
  readonly sizing: Sizing;
}

/** Checked options; rates are fractions of notional. */
export interface CheckedOptions {
  readonly rules: SignalRules;
  readonly fill: FillTime;
  readonly sizing: Sizing;
  readonly grossNotional: number;
  readonly capital: number;
  readonly fee: { readonly y: number; readonly x: number };
  readonly slippage: { readonly y: number; readonly x: number };
  readonly closeAtEnd: boolean;
}

/** Fills in the defaults and refuses what cannot be. */
export function checkOptions(options: BacktestOptions): CheckedOptions {
  const { fill = "next-close", sizing, grossNotional = 10_000, capital = 10_000 } = options;
  if (!["close", "next-close", "next-open"].includes(fill)) {
    throw refused("fill", `"close", "next-close" or "next-open"`, `"${fill}"`);
  }
  if (sizing !== "units" && sizing !== "dollar") {
    throw refused("sizing", `"units" or "dollar"`, `"${sizing}"`);
  }
  for (const [name, value] of Object.entries({ grossNotional, capital })) {
    if (!(value > 0 && value < Infinity)) throw refused(name, "> 0", value);
  }
  return {
    rules: signalRules(options),
    fill,
    sizing,
    grossNotional,
    capital,
    fee: rates("feeBps", options.feeBps ?? 5),
    slippage: rates("slippageBps", options.slippageBps ?? 0),
    closeAtEnd: options.closeAtEnd ?? true,
  };
}

function rates(name: string, bps: LegBps): { y: number; x: number } {
  const { y, x } = typeof bps === "number" ? { y: bps, x: bps } : bps;
  for (const value of [y, x]) {
    if (!(value >= 0 && value < Infinity)) throw refused(name, ">= 0", value);
  }
  return { y: y / 1e4, x: x / 1e4 };
}

function refused(name: string, wanted: string, value: string | number): RangeError {
  return new RangeError(
    `Cannot backtest as "${name}" must be ${wanted}: current value is ${value}`,
  );
}
