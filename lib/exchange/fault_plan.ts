import { parseInterval } from "../market/mod.ts";

/** What can go wrong, each with a probability of its own. */
export type FaultKind =
  | "drop"
  | "policy"
  | "half-open"
  | "stall"
  | "duplicate"
  | "reorder"
  | "skip"
  | "vanish"
  | "corrupt"
  | "mistype"
  | "zero"
  | "unknown"
  | "stranger"
  | "split"
  | "giant"
  | "leap"
  | "jump"
  | "late-ack"
  | "no-ack"
  | "rest-429"
  | "rest-418"
  | "rest-451"
  | "rest-5xx"
  | "rest-slow"
  | "rest-truncate"
  | "rest-garble"
  | "rest-miss";

/** What happens every so often instead. */
export type TimedFault = "lifetime" | "listing" | "delisting";

/** Every fault in a few words, and what its probability is drawn for. */
export const FAULT_KINDS: Readonly<Record<FaultKind, string>> = {
  "drop": "per trade: the connection is closed",
  "policy": "per trade: the connection is closed with 1008",
  "half-open": "per trade: the connection stays open and carries nothing more",
  "stall": "per trade: the connection pauses, then sends all at once",
  "duplicate": "per trade: sent twice",
  "reorder": "per trade: overtaken by some of the next",
  "skip": "per trade: not sent; REST has it",
  "vanish": "per trade: not sent, and REST does not have it either",
  "corrupt": "per trade: sent as broken JSON",
  "mistype": "per trade: sent with a field of a wrong type, or without it",
  "zero": "per trade: sent with price or quantity 0",
  "unknown": "per trade: sent as an event, or a class of trade, that nobody knows",
  "stranger": "per trade: sent for a symbol that nobody asked for",
  "split": "per trade: sent in two messages, neither of which is JSON",
  "giant": "per trade: sent with a field of a quarter of a megabyte that nobody knows",
  "leap": "per trade: sent with an event time an hour ahead",
  "jump": "per trade: the clock is off from now on, by up to ten minutes; trade times are right",
  "late-ack": "per control message: answered late",
  "no-ack": "per control message: never answered",
  "rest-429": "per answer: too many requests, with Retry-After",
  "rest-418": "per answer: banned, with Retry-After",
  "rest-451": "per answer: not from this place",
  "rest-5xx": "per answer: a fault of the exchange",
  "rest-slow": "per answer: the body comes in pieces, over up to three seconds",
  "rest-truncate": "per answer: the connection breaks within the body",
  "rest-garble": "per answer: the body is broken JSON",
  "rest-miss": "per row: left out of the page",
};

/** Which faults happen how often. */
export interface FaultPlan {
  /** The probability of each fault, 0 to 1. @default {0} */
  readonly rates: Readonly<Partial<Record<FaultKind, number>>>;
  /** Connections are closed at this age, ms: the daily cut, scaled down. @default {never} */
  readonly lifetimeMs?: number;
  /** A new symbol is listed every so often, ms; of a seeded market. @default {never} */
  readonly listingMs?: number;
  /** A symbol, never the first, ends to trade every so often, ms; of a seeded market. @default {never} */
  readonly delistingMs?: number;
}

const DURATIONS = {
  lifetime: "lifetimeMs",
  listing: "listingMs",
  delisting: "delistingMs",
} as const satisfies Record<TimedFault, keyof FaultPlan>;

/**
 * Reads a fault plan as it is written on a command line: `name=probability` with commas between,
 * and `lifetime`, `listing` and `delisting` with a duration.
 *
 * @example Lost and repeated frames, and a cut every half minute
 * ```ts
 * import { parseFaultPlan } from "tandem/exchange";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(parseFaultPlan("skip=0.01, duplicate=0.02, lifetime=30s"), {
 *   rates: { skip: 0.01, duplicate: 0.02 },
 *   lifetimeMs: 30_000,
 * });
 * ```
 *
 * @param text The plan; of a fault that is named twice the last probability counts.
 * @returns The plan.
 * @throws {RangeError} If a fault is not known, or a value is out of its range.
 */
export function parseFaultPlan(text: string): FaultPlan {
  const rates: Partial<Record<FaultKind, number>> = {};
  const durations: { -readonly [K in (typeof DURATIONS)[TimedFault]]?: number } = {};
  for (const part of text.split(",").map((p) => p.trim()).filter((p) => p !== "")) {
    const [, name = part, value = ""] = /^([^=]*?)\s*=\s*(.*)$/.exec(part) ?? [];
    if (isTimedFault(name)) durations[DURATIONS[name]] = parseInterval(value);
    else if (isFaultKind(name)) rates[name] = probability(name, value);
    else {
      throw new RangeError(
        `Cannot inject faults as "${name}" is not known: choose of ${
          [...Object.keys(FAULT_KINDS), ...Object.keys(DURATIONS)].join(", ")
        }`,
      );
    }
  }
  return { rates, ...durations };
}

function isTimedFault(name: string): name is TimedFault {
  return Object.hasOwn(DURATIONS, name);
}

function isFaultKind(name: string): name is FaultKind {
  return Object.hasOwn(FAULT_KINDS, name);
}

function probability(name: FaultKind, text: string): number {
  const value = text === "" ? NaN : Number(text);
  if (value >= 0 && value <= 1) return value;
  throw new RangeError(
    `Cannot inject faults as "${name}" must be a probability from 0 to 1: current value is "${text}"`,
  );
}
