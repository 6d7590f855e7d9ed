import { minuteRows } from "../minute_rows.ts";
import { readQuery, requireSymbols } from "../query.ts";
import { json } from "../respond.ts";
import { csv } from "./csv.ts";
import type { Route } from "./route.ts";

/** Statistics of a pair per minute, oldest first, as JSON or with `format=csv` as a file. */
export const minutes: Route = ({ source, query }) => {
  const asked = readQuery("pair", query);
  const rows = source.read((reader) => {
    requireSymbols(reader, asked.y, asked.x);
    return minuteRows(reader, asked);
  });
  const { y, x, window: windowMinutes, method, scale } = asked;
  if (query.format !== "csv") return json({ y, x, windowMinutes, method, scale, rows });
  const fields = Object.keys(rows[0] ?? { openTimeMs: 0 }) as (keyof typeof rows[number])[];
  return csv(`${y}-${x}-per-minute`, fields, [rows]);
};
