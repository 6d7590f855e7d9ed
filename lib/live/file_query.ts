import { z } from "zod";
import { symbolName } from "./query_fields.ts";
import { parseInterval } from "../market/mod.ts";

/** What may be said of a file that is sent. */
export const fileSchema = z.object({
  name: z.string().min(1).max(200).regex(/^[^/\\\p{C}]+$/u),
  symbol: symbolName.optional(),
  interval: z.string().optional().transform((text, context) => {
    try {
      return text === undefined ? undefined : parseInterval(text);
    } catch {
      context.addIssue({ code: "custom", message: 'must look like "1m" or "1h"' });
      return z.NEVER;
    }
  }),
  zone: z.string().default("UTC").transform((zone, context) => {
    try {
      new Intl.DateTimeFormat("en", { timeZone: zone });
      return zone;
    } catch {
      context.addIssue({ code: "custom", message: 'must be a zone such as "Europe/Berlin"' });
      return z.NEVER;
    }
  }),
});
