import { z } from "zod";
import {
  formatInterval,
  parseInterval,
  parseTime,
  STORED_INTERVALS_MS,
  symbolName as storedName,
} from "../market/mod.ts";

const STORED = STORED_INTERVALS_MS.map(formatInterval);

/** A symbol, or an asset; answered in capitals. */
export const symbolName = z.string().min(1).max(40).transform(storedName);

/** A stored interval; answered in ms. */
export const storedInterval = z.string().default("1m").transform((text, context) => {
  try {
    const intervalMs = parseInterval(text);
    if (STORED_INTERVALS_MS.includes(intervalMs)) return intervalMs;
  } catch {
    // Told below, like an interval that is not stored.
  }
  context.addIssue({ code: "custom", message: `must be one of ${STORED.join(", ")}` });
  return z.NEVER;
});

/** Any length of bars; answered in ms. */
export const anyInterval = z.string().default("1m").transform((text, context) => {
  try {
    return parseInterval(text);
  } catch {
    context.addIssue({ code: "custom", message: 'must look like "1s", "5m" or "1h"' });
    return z.NEVER;
  }
});

/** A time; answered in ms since the epoch. */
export const time = z.string().transform((text, context) => {
  try {
    return /^-?\d+$/.test(text) ? Number(text) : parseTime(text);
  } catch {
    context.addIssue({ code: "custom", message: "must be ms since the epoch or an ISO 8601 time" });
    return z.NEVER;
  }
});

/** Most rows of an answer that is made as a whole. */
export const MOST_ROWS = 100_000;
const MOST_WINDOW_BARS = 20_000;

/** A pair and how it is measured. */
export const pairFields = {
  y: symbolName,
  x: symbolName,
  interval: storedInterval,
  window: z.coerce.number().int().min(3).max(MOST_WINDOW_BARS).default(60),
  method: z.enum(["rolling-ols", "ols", "kalman"]).default("rolling-ols"),
  scale: z.enum(["log", "level"]).default("log"),
};
