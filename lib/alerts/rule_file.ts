import { z } from "zod";
import { formatInterval, parseInterval, STORED_INTERVALS_MS, symbolName } from "../market/mod.ts";
import type { HedgeMethod, PriceScale } from "../pairs/mod.ts";
import { type AlertRule, isPairCondition } from "./alert_rule.ts";

const STORED = STORED_INTERVALS_MS.map(formatInterval);
const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

const symbol = z.string().regex(
  /^([a-zA-Z]+:)?[\p{L}\p{N}_-]{2,40}$/u,
  "must be a symbol such as BTCUSDT",
)
  .transform(symbolName);
const interval = z.string().default("1m").transform((text, context) => {
  try {
    const intervalMs = parseInterval(text);
    if (STORED_INTERVALS_MS.includes(intervalMs)) return intervalMs;
  } catch {
    // Told below, like an interval that is not stored.
  }
  context.addIssue({ code: "custom", message: `must be one of ${STORED.join(", ")}` });
  return z.NEVER;
});
const duration = z.string().regex(/^\d+(\.\d+)?[smh]$/, "must be a time such as 30s, 5m or 1h")
  .transform((text) => Number(text.slice(0, -1)) * UNITS_MS[text.at(-1)!]!);

const when = {
  id: z.string().regex(/^[\p{L}\p{N}._-]{1,64}$/u, "must be 1 to 64 letters, digits, . _ or -"),
  above: z.number().nullable().default(null),
  below: z.number().nullable().default(null),
  hysteresis: z.number().min(0).default(0),
  cooldown: duration.default(300_000),
  channels: z.array(z.string()).default([]),
};
const pair = z.strictObject({
  ...when,
  watch: z.enum(["z-score", "correlation", "hedge-ratio-change", "p-value"]),
  y: symbol,
  x: symbol,
  interval,
  window: z.number().int().min(3).max(2_000).default(60),
  method: z.enum(["rolling-ols", "ols", "kalman"]).default("rolling-ols"),
  scale: z.enum(["log", "level"]).default("log"),
});
const price = z.strictObject({ ...when, watch: z.enum(["price"]), symbol, interval });
const quality = z.strictObject({
  ...when,
  watch: z.enum(["silence", "lag", "missing-ids", "lost-ids"]),
  symbol,
});
const kinds = [pair, price, quality] as const;
const MEASURES = kinds.flatMap(({ shape: { watch } }) => watch.options);
const schema = z.discriminatedUnion("watch", kinds, {
  error: `must be one of ${MEASURES.join(", ")}`,
});

/** A rule as people write it in a file; what is left out has the default of `readAlertRule()`. */
export interface AlertRuleText {
  /** Its name: 1 to 64 letters, digits, `.`, `_` or `-`. */
  readonly id: string;
  /** What is watched. */
  readonly watch: AlertRule["condition"]["measure"];
  /** The dependent leg, of a pair. */
  readonly y?: string;
  /** The hedge leg, of a pair. */
  readonly x?: string;
  /** The symbol, of what is no pair. */
  readonly symbol?: string;
  /** Length of the bars: `1s`, `1m` or `5m`. */
  readonly interval?: string;
  /** Bars of the rolling statistics, of a pair. */
  readonly window?: number;
  /** How the hedge ratio is found, of a pair. */
  readonly method?: HedgeMethod;
  /** Whether logarithms of closes are compared, or closes, of a pair. */
  readonly scale?: PriceScale;
  /** The upper threshold; `null` for none. */
  readonly above?: number | null;
  /** The lower threshold; `null` for none. */
  readonly below?: number | null;
  /** How far the number must come back before a threshold can fire again. */
  readonly hysteresis?: number;
  /** How long a threshold keeps still after it fired, such as `30s`, `5m` or `1h`. */
  readonly cooldown?: string;
  /** Names of channels. */
  readonly channels?: readonly string[];
}

/**
 * Reads a rule as people write it.
 *
 * Left out are `interval` (`1m`), `window` (60), `method` (`rolling-ols`), `scale` (`log`),
 * `hysteresis` (0), `cooldown` (`5m`) and `channels` (none).
 *
 * @example Two thresholds on a z-score
 * ```ts
 * import { readAlertRule } from "tandem/alerts";
 * import { strictEqual, throws } from "node:assert/strict";
 *
 * const text = { id: "eth", watch: "z-score", y: "ETHUSDT", x: "BTCUSDT", above: 2, below: -2 };
 * strictEqual(readAlertRule(text).cooldownMs, 300_000);
 * throws(() => readAlertRule({ ...text, above: undefined, below: undefined }), RangeError);
 * ```
 *
 * @param input What a file or a request says.
 * @returns The rule.
 * @throws {RangeError} If it is no rule; the message names the rule and what is wrong with it.
 */
export function readAlertRule(input: unknown): AlertRule {
  const { data, error } = schema.safeParse(input);
  if (error !== undefined) {
    const [issue] = error.issues;
    const place = issue?.path.join(".") ?? "";
    const said = issue!.message.endsWith("received undefined")
      ? `"${place}" must be given`
      : `"${place}": ${issue!.message}`;
    refuse(input, place === "" ? issue!.message : said);
  }
  const { id, watch, above, below, hysteresis, cooldown, channels, ...rest } = data;
  if (above === null && below === null) refuse(input, `"above" or "below" must be given`);
  if (above !== null && below !== null && above <= below) {
    refuse(input, `"above" must be larger than "below"`);
  }
  if ("y" in rest && rest.y === rest.x) refuse(input, `"y" and "x" must differ`);
  const condition = "y" in rest
    ? {
      measure: watch,
      y: rest.y,
      x: rest.x,
      intervalMs: rest.interval,
      windowBars: rest.window,
      method: rest.method,
      scale: rest.scale,
    }
    : "interval" in rest
    ? { measure: watch, symbol: rest.symbol, intervalMs: rest.interval }
    : { measure: watch, symbol: rest.symbol };
  return {
    id,
    condition: condition as AlertRule["condition"],
    above,
    below,
    hysteresis,
    cooldownMs: cooldown,
    channels,
  };
}

/**
 * Returns a rule as people write it; `readAlertRule()` gives the rule back.
 *
 * @example There and back
 * ```ts
 * import { alertRuleText, readAlertRule } from "tandem/alerts";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const rule = readAlertRule({ id: "quiet", watch: "silence", symbol: "BTCUSDT", above: 30 });
 * deepStrictEqual(readAlertRule(alertRuleText(rule)), rule);
 * ```
 *
 * @param rule The rule.
 * @returns Plain JSON.
 */
export function alertRuleText(rule: AlertRule): AlertRuleText {
  const { id, condition, above, below, hysteresis, cooldownMs, channels } = rule;
  const common = {
    ...{ id, above, below, hysteresis },
    cooldown: `${cooldownMs / 1_000}s`,
    channels: [...channels],
  };
  if (isPairCondition(condition)) {
    const { measure, y, x, intervalMs, windowBars, method, scale } = condition;
    const interval = formatInterval(intervalMs);
    return { ...common, watch: measure, y, x, interval, window: windowBars, method, scale };
  }
  const { measure, symbol } = condition;
  return measure === "price"
    ? { ...common, watch: measure, symbol, interval: formatInterval(condition.intervalMs) }
    : { ...common, watch: measure, symbol };
}

function refuse(input: unknown, problem: string): never {
  const id = (input as { id?: unknown } | null)?.id;
  const name = typeof id === "string" ? `the alert rule "${id}"` : "an alert rule";
  throw new RangeError(`Cannot take ${name}: ${problem}`);
}
