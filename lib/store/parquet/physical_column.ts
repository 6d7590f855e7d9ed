import { CodedText } from "./coded_text.ts";
import { type Distinct, distinctTexts } from "./distinct.ts";
import type { ParquetField, ParquetInput, ParquetType, ParquetValue } from "./parquet_field.ts";

/** The part of a column that one row group holds, checked, in the form the file has it. */
export type PhysicalColumn =
  & {
    /** Rows of the group. */
    readonly rows: number;
    /** 1 for each row that has a value; `null` for a column that may not miss any. */
    readonly present: Uint8Array | null;
  }
  & (
    | { readonly type: "double" | "int64"; readonly values: Float64Array }
    | { readonly type: "boolean"; readonly values: Uint8Array }
    | { readonly type: "string"; readonly values: Distinct<readonly string[]> }
  );

/**
 * Takes rows of a column.
 *
 * @param field What it must hold.
 * @param values All its values.
 * @param from The first row.
 * @param to The row after the last.
 * @throws {RangeError} If a value is none that the column can hold.
 */
export function physicalColumn(
  field: ParquetField,
  values: ParquetInput,
  from: number,
  to: number,
): PhysicalColumn {
  const { type, nullable = false } = field;
  const rows = to - from;
  const whole = nullable ? new Uint8Array(rows).fill(1) : null;
  if (values instanceof CodedText) {
    if (type !== "string") throw wrong(field, values.texts[0], from);
    const codes = values.codes.subarray(from, to);
    return { rows, present: whole, type, values: { values: values.texts, codes } };
  }
  if (type === "double" && values instanceof Float64Array) {
    return { rows, present: whole, type, values: values.slice(from, to) };
  }
  if (type === "int64" && values instanceof Float64Array) {
    const numbers = values.slice(from, to);
    const odd = numbers.findIndex((number) => !Number.isSafeInteger(number));
    if (odd >= 0) throw wrong(field, numbers[odd], from + odd);
    return { rows, present: whole, type, values: numbers };
  }
  const present = nullable ? new Uint8Array(rows) : null;
  const kept: ParquetValue[] = [];
  for (let k = from; k < to; k++) {
    const value = values[k] ?? null;
    if (value === null ? !nullable : !IS[type](value)) throw wrong(field, value, k);
    if (value === null) continue;
    if (present !== null) present[k - from] = 1;
    kept.push(value);
  }
  switch (type) {
    case "string":
      return { rows, present, type, values: distinctTexts(kept as string[]) };
    case "boolean":
      return { rows, present, type, values: Uint8Array.from(kept as boolean[], Number) };
    default:
      return { rows, present, type, values: Float64Array.from(kept as number[]) };
  }
}

const IS: Readonly<Record<ParquetType, (value: unknown) => boolean>> = {
  int64: (value) => Number.isSafeInteger(value),
  double: (value) => typeof value === "number",
  boolean: (value) => typeof value === "boolean",
  string: (value) => typeof value === "string",
};

function wrong({ name, type, nullable }: ParquetField, value: unknown, row: number): RangeError {
  return new RangeError(
    `Cannot write ${value} as "${name}" must hold ${type}${
      nullable === true ? " or null" : ""
    } in row ${row}`,
  );
}
