import type { Mark } from "../../market/mod.ts";
import { arrayText } from "./arrays.ts";
import type { Step } from "./wire.ts";

/** Stores marks; of a second that has one already nothing changes. */
export function insertMarks(marks: readonly Mark[], idOf: (symbol: string) => number): Step[] {
  if (marks.length === 0) return [];
  return [{
    sql: `INSERT INTO marks (symbol_id, time_ms, mark_price, index_price, funding_rate,
        next_funding_ms)
      SELECT * FROM unnest($1::int[], $2::bigint[], $3::float8[], $4::float8[], $5::float8[],
        $6::bigint[])
      ON CONFLICT DO NOTHING`,
    args: [
      arrayText(marks.map(({ symbol }) => idOf(symbol))),
      arrayText(marks.map(({ timeMs }) => timeMs)),
      arrayText(marks.map(({ markPrice }) => markPrice)),
      arrayText(marks.map(({ indexPrice }) => indexPrice)),
      arrayText(marks.map(({ fundingRate }) => fundingRate)),
      arrayText(marks.map(({ nextFundingMs }) => nextFundingMs)),
    ],
  }];
}
