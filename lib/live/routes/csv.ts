import { csvLine } from "../../files/mod.ts";
import { savedAs, stream } from "../respond.ts";

/** Answers with rows as CSV (RFC 4180) that is made as it is read; an absent value is an empty cell. */
export function csv<K extends string>(
  name: string,
  fields: readonly K[],
  parts: Iterable<readonly Readonly<Record<K, unknown>>[]>,
): Response {
  function* lines() {
    yield fields.join(",") + "\r\n";
    for (const part of parts) {
      yield part.map((row) => csvLine(fields.map((field) => row[field])) + "\r\n").join("");
    }
  }
  return stream(lines(), {
    "content-type": "text/csv; charset=utf-8",
    ...savedAs(`${name}.csv`),
  });
}
