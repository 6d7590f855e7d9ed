import { z } from "zod";
import { anyInterval, MOST_ROWS, pairFields, symbolName, time } from "./query_fields.ts";

const range = { from: time.optional(), to: time.optional() };

/** Names a download, so that the page can ask how far it is. */
const id = z.string().min(8).max(64);

/** What may be asked of exports. */
export const exportSchemas = {
  export: z.object({
    what: z.enum(["trades", "bars", "readings", "screen", "trips", "equity"]),
    format: z.enum(["csv", "csv.gz", "parquet"]).default("csv"),
    id: id.optional(),
  }),
  exportState: z.object({ id }),
  tradeExport: z.object({ symbol: symbolName, ...range }),
  barExport: z.object({ symbol: symbolName, interval: anyInterval, ...range }),
  readingExport: z.object({
    ...pairFields,
    ...range,
    limit: z.coerce.number().int().min(1).max(MOST_ROWS).optional(),
  }),
};
