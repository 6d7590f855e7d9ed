import type { InputLook, InputValue, SelectedSpan } from "../live/mod.ts";
import { readSpan } from "./span.ts";

/** One input: how a page draws it, what it begins with, and what it may become. */
export interface Input<T extends InputValue> {
  /** What stands beside it. @default {its name} */
  readonly label?: string;
  /** What a page needs to draw it. */
  readonly look: InputLook;
  /** What it begins with. */
  readonly value: T;
  /** Reads what a page has sent; `undefined` if it cannot be. */
  read(sent: unknown): T | undefined;
}

/** Bounds, steps and first value of a number. */
export interface NumberOptions {
  /** The least. @default {-Infinity; 0 of a slider} */
  readonly min?: number;
  /** The largest. @default {Infinity; 100 of a slider} */
  readonly max?: number;
  /** How far apart values are; > 0. @default {1} */
  readonly step?: number;
  /** What it begins with. @default {`min` if that is finite, else 0} */
  readonly value?: number;
  /** What stands beside it. @default {its name} */
  readonly label?: string;
}

const labelled = (label: string | undefined) => label === undefined ? {} : { label };

function numeric(kind: "slider" | "number", options: NumberOptions): Input<number> {
  const [least, most] = kind === "slider" ? [0, 100] : [-Infinity, Infinity];
  const { min = least, max = most, step = 1, label } = options;
  const { value = Number.isFinite(min) ? min : 0 } = options;
  if (!(min < max && step > 0 && value >= min && value <= max)) {
    throw new RangeError(
      `Cannot make a ${kind} as min <= value <= max, min < max and step > 0 must hold: current ` +
        `values are ${min}, ${value}, ${max} and ${step}`,
    );
  }
  return {
    ...labelled(label),
    look: { kind, min, max, step },
    value,
    read: (sent) =>
      typeof sent === "number" && sent >= min && sent <= max && Number.isFinite(sent)
        ? sent
        : undefined,
  };
}

/**
 * Returns a number to slide.
 *
 * @example A window
 * ```ts
 * import { slider } from "tandem/notebook";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(slider({ min: 20, max: 240, step: 10, value: 60 }).value, 60);
 * ```
 *
 * @param options Bounds, step, first value, label.
 * @returns The input.
 * @throws {RangeError} If the value is not within the bounds.
 */
export function slider(options: NumberOptions = {}): Input<number> {
  return numeric("slider", options);
}

/**
 * Returns a number to type.
 *
 * @example A threshold
 * ```ts
 * import { number } from "tandem/notebook";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(number({ min: 0, step: 0.1, value: 2 }).value, 2);
 * ```
 *
 * @param options Bounds, step, first value, label.
 * @returns The input.
 * @throws {RangeError} If the value is not within the bounds.
 */
export function number(options: NumberOptions = {}): Input<number> {
  return numeric("number", options);
}

/**
 * Returns a choice of one among several texts.
 *
 * @example A method
 * ```ts
 * import { select } from "tandem/notebook";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(select(["rolling-ols", "ols"]).value, "rolling-ols");
 * ```
 *
 * @param options What there is to choose from; at least one.
 * @param rest `value`, what it begins with (the first), and `label`.
 * @returns The input.
 * @throws {RangeError} If the value is not among the options.
 */
export function select<const T extends string>(
  options: readonly T[],
  rest: { readonly value?: NoInfer<T>; readonly label?: string } = {},
): Input<T> {
  const { value = options[0], label } = rest;
  if (value === undefined || !options.includes(value)) {
    throw new RangeError(
      `Cannot begin with "${value}" as it must be one of ${options.join(", ") || "at least one"}`,
    );
  }
  return {
    ...labelled(label),
    look: { kind: "select", options },
    value,
    read: (sent) => options.find((option) => option === sent),
  };
}

/**
 * Returns something to tick.
 *
 * @example Ticked
 * ```ts
 * import { checkbox } from "tandem/notebook";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(checkbox(true).value, true);
 * ```
 *
 * @param value Whether it is ticked at first.
 * @param options `label`, what stands beside it.
 * @returns The input.
 */
export function checkbox(
  value = false,
  { label }: { readonly label?: string } = {},
): Input<boolean> {
  return {
    ...labelled(label),
    look: { kind: "checkbox" },
    value,
    read: (sent) => typeof sent === "boolean" ? sent : undefined,
  };
}

/**
 * Returns something to press; its value counts how often it was.
 *
 * @example Not pressed yet
 * ```ts
 * import { button } from "tandem/notebook";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(button("Draw anew").value, 0);
 * ```
 *
 * @param label What stands on it.
 * @returns The input.
 */
export function button(label: string): Input<number> {
  return {
    label,
    look: { kind: "button" },
    value: 0,
    read: (sent) => Number.isSafeInteger(sent) && (sent as number) > 0 ? sent as number : undefined,
  };
}

/**
 * Returns a stretch of time within bounds, in whole minutes of UTC.
 *
 * @example The last hour of a day
 * ```ts
 * import { dateRange } from "tandem/notebook";
 * import { strictEqual } from "node:assert/strict";
 *
 * const day = { fromMs: Date.UTC(2026, 0, 5), toMs: Date.UTC(2026, 0, 6) };
 * const { value } = dateRange(day, { value: { ...day, fromMs: day.toMs - 3_600_000 } });
 * strictEqual(value.fromMs, Date.UTC(2026, 0, 5, 23));
 * ```
 *
 * @param bounds The earliest start and the latest end, ms since the epoch.
 * @param options `value`, what it begins with (all of it), and `label`.
 * @returns The input.
 * @throws {RangeError} If the value is no span within the bounds.
 */
export function dateRange(
  bounds: SelectedSpan,
  options: { readonly value?: SelectedSpan; readonly label?: string } = {},
): Input<SelectedSpan> {
  const { value = bounds, label } = options;
  const isWithin = (span: SelectedSpan) =>
    span.fromMs >= bounds.fromMs && span.toMs <= bounds.toMs && span.fromMs < span.toMs;
  if (!isWithin(value)) {
    throw new RangeError(
      `Cannot begin with ${value.fromMs} to ${value.toMs} as it must lie within ${bounds.fromMs} ` +
        `to ${bounds.toMs}`,
    );
  }
  return {
    ...labelled(label),
    look: { kind: "dateRange", ...bounds },
    value,
    read(sent) {
      const span = readSpan(sent);
      return span !== undefined && isWithin(span) ? span : undefined;
    },
  };
}
