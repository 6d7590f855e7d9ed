import type { CodedText } from "./coded_text.ts";

/**
 * What a column of a Parquet file holds: whole numbers, doubles, truth values or text. Dates and
 * times of other programs' files are read as numbers of ms since the epoch.
 */
export type ParquetType = "int64" | "double" | "boolean" | "string";

/** One value of a Parquet column; `null` where the file has none. */
export type ParquetValue = number | boolean | string | null;

/** Values of a column, one per row; numbers without gaps are a `Float64Array`. */
export type ParquetValues = ArrayLike<ParquetValue>;

/** One column of a Parquet file. */
export interface ParquetField {
  /** Its name, unique in the file. */
  readonly name: string;
  /** What it holds. */
  readonly type: ParquetType;
  /** Whether values may be `null`. @default {false} */
  readonly nullable?: boolean;
}

/** Columns by name, all of the same length. */
export type ParquetColumns = Readonly<Record<string, ParquetValues>>;

/** What a column is written from: values, or text of few kinds. */
export type ParquetInput = ParquetValues | CodedText;
