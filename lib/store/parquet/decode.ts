import type { ColumnMetaData, ParquetParsers, SchemaElement, SchemaTree } from "hyparquet";
// The library's doors are asynchronous, as it also reads over a network; this is what they open to.
import { readColumn } from "hyparquet/src/column.js";
import { DECOMPRESSORS } from "./codecs.ts";
import { decimalReader, isDecimal, undivided } from "./decimal.ts";
import type { ParquetField, ParquetType, ParquetValue, ParquetValues } from "./parquet_field.ts";

const DAY_MS = 86_400_000;

const decoder = new TextDecoder();
const decodeText = (bytes: Uint8Array | undefined) => bytes && decoder.decode(bytes);

/** Dates and times as numbers, ms since the epoch; everything else that is not a number as text. */
const PARSERS: Record<string, (value: never) => unknown> = {
  timestampFromMilliseconds: (ms: bigint) => Number(ms),
  timestampFromMicroseconds: (us: bigint) => Number(us) / 1e3,
  timestampFromNanoseconds: (ns: bigint) => Number(ns) / 1e6,
  dateFromDays: (days: number) => days * DAY_MS,
  stringFromBytes: decodeText,
  jsonFromBytes: decodeText,
  uuidFromBytes: (bytes: Uint8Array) => bytes?.toHex(),
};

/** What a column is to us. */
export function fieldOf(element: SchemaElement): ParquetField {
  return {
    name: element.name,
    type: typeOf(element),
    nullable: element.repetition_type !== "REQUIRED",
  };
}

function typeOf(element: SchemaElement): ParquetType {
  const { type, converted_type, logical_type } = element;
  const isTime = logical_type?.type === "TIMESTAMP" || converted_type?.startsWith("TIMESTAMP") ||
    type === "INT96";
  if (isDecimal(element) || isTime) return "double";
  if (type === "INT32" || type === "INT64") return "int64";
  if (type === "FLOAT" || type === "DOUBLE") return "double";
  return type === "BOOLEAN" ? "boolean" : "string";
}

/** The values of one column in one row group. */
export function decodeChunk(
  bytes: ArrayBuffer,
  chunk: ColumnMetaData,
  schemaPath: SchemaTree[],
  rows: number,
): ParquetValues {
  const { element } = schemaPath.at(-1)!;
  const isDivided = isDecimal(element);
  const { data } = readColumn(
    { view: new DataView(bytes), offset: 0 },
    { groupStart: 0, selectStart: 0, selectEnd: rows, groupRows: rows },
    {
      pathInSchema: chunk.path_in_schema,
      type: chunk.type,
      element: isDivided ? undivided(element) : element,
      utf8: !isDivided,
      schemaPath,
      codec: chunk.codec,
      compressors: DECOMPRESSORS,
      parsers: PARSERS as unknown as ParquetParsers,
    },
  );
  const count = data.reduce((sum, page) => sum + page.length, 0);
  if (count !== rows) throw new Error(`"${element.name}" has ${count} values for ${rows} rows`);
  const type = typeOf(element);
  if (type === "int64" || type === "double") {
    const toNumber = isDivided ? decimalReader(element) : exact;
    return numbers(data as ArrayLike<unknown>[], rows, toNumber);
  }
  return data.flatMap((page) => Array.from(page, (v) => (v ?? null) as ParquetValue));
}

/** One array of numbers; of another kind only where some are missing. */
function numbers(
  pages: readonly ArrayLike<unknown>[],
  rows: number,
  toNumber: (value: unknown) => number,
): ParquetValues {
  const whole = new Float64Array(rows);
  let missing: Set<number> | undefined;
  let at = 0;
  for (const page of pages) {
    if (page instanceof Float64Array) {
      whole.set(page, at);
      at += page.length;
      continue;
    }
    for (let k = 0; k < page.length; k++, at++) {
      const value = page[k];
      if (value === null || value === undefined) (missing ??= new Set()).add(at);
      else whole[at] = toNumber(value);
    }
  }
  return missing === undefined ? whole : Array.from(whole, (v, k) => missing.has(k) ? null : v);
}

function exact(value: unknown): number {
  const number = Number(value);
  if (typeof value === "bigint" && !Number.isSafeInteger(number)) {
    throw new Error(`${value} is beyond 2^53`);
  }
  return number;
}
