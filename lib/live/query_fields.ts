import { z } from "zod";
import { formatInterval, parseInterval, STORED_INTERVALS_MS } from "../market/mod.ts";

const STORED = STORED_INTERVALS_MS.map(formatInterval);

/** A symbol, or an asset; answered in capitals. */
export const symbolName = z.string().min(1).max(40).transform((text) => text.toUpperCase());

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
