import { ByteWriter, ParquetWriter as Encoder } from "hyparquet-writer";
import { COMPRESSORS } from "./codecs.ts";
import type {
  ParquetColumns,
  ParquetField,
  ParquetType,
  ParquetValue,
  ParquetValues,
} from "./parquet_field.ts";

/** Rows per row group: what a reader decodes at once. */
const GROUP_ROWS = 131_072;

/** How each type is laid down; ids and times are stored as their differences. */
const LAYOUTS = {
  int64: { physical: "INT64", encoding: "DELTA_BINARY_PACKED" },
  double: { physical: "DOUBLE" },
  boolean: { physical: "BOOLEAN" },
  string: { physical: "BYTE_ARRAY", converted: "UTF8" },
} as const satisfies Record<ParquetType, unknown>;

/**
 * Writes a Parquet file, row group by row group: columns in, file out. Memory holds one row group.
 *
 * Any Parquet reader can read it: doubles keep every bit, whole numbers are INT64, text is UTF-8
 * with a dictionary where that is smaller; pages are compressed with zstd.
 *
 * @example Two columns, written and read back
 * ```ts
 * import { ParquetReader, ParquetWriter } from "tandem/store";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const path = `${Deno.makeTempDirSync()}/two.parquet`;
 * {
 *   using writer = new ParquetWriter(path, [
 *     { name: "trade_id", type: "int64" },
 *     { name: "price", type: "double", nullable: true },
 *   ]);
 *   writer.write({ trade_id: [7, 8], price: [0.1, null] });
 *   writer.close();
 * }
 * using reader = new ParquetReader(path);
 * deepStrictEqual([...reader.rows()], [
 *   { trade_id: 7, price: 0.1 },
 *   { trade_id: 8, price: null },
 * ]);
 * ```
 */
export class ParquetWriter implements Disposable {
  readonly #fields: readonly ParquetField[];
  readonly #file: Deno.FsFile;
  readonly #bytes = new ByteWriter();
  readonly #encoder: Encoder;
  #isClosed = false;

  /**
   * Makes the file, or empties the one that is there.
   *
   * @param path The file; give it its final name after `close()` where readers may look for it.
   * @param fields Its columns, in order.
   * @param metadata Texts kept in the file, by name; `ParquetReader.metadata` gives them back.
   * @throws {Deno.errors} If the file cannot be made.
   */
  constructor(
    path: string,
    fields: readonly ParquetField[],
    metadata: Readonly<Record<string, string>> = {},
  ) {
    this.#fields = fields;
    this.#file = Deno.openSync(path, { write: true, create: true, truncate: true });
    this.#encoder = new Encoder({
      writer: this.#bytes,
      schema: [
        { name: "rows", num_children: fields.length },
        ...fields.map(({ name, type, nullable }) => {
          const layout = LAYOUTS[type];
          return {
            name,
            type: layout.physical,
            repetition_type: nullable === true ? "OPTIONAL" : "REQUIRED",
            ...("converted" in layout ? { converted_type: layout.converted } : {}),
          } as const;
        }),
      ],
      codec: "ZSTD",
      compressors: COMPRESSORS,
      createdBy: "tandem",
      kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    });
  }

  /**
   * Appends rows.
   *
   * @param columns The values of every column, all of the same length.
   * @throws {RangeError} If a column is missing, of another length, or holds what its type cannot.
   */
  write(columns: ParquetColumns): void {
    const lengths = this.#fields.map(({ name }) => {
      const values = columns[name];
      if (values === undefined) throw new RangeError(`Cannot write rows without column "${name}"`);
      return values.length;
    });
    const rows = lengths[0] ?? 0;
    const odd = lengths.findIndex((length) => length !== rows);
    if (odd >= 0) {
      throw new RangeError(
        `Cannot write rows as column "${
          this.#fields[odd]!.name
        }" must have ${rows} values: it has ${lengths[odd]}`,
      );
    }
    for (let from = 0; from < rows; from += GROUP_ROWS) {
      const to = Math.min(rows, from + GROUP_ROWS);
      this.#encoder.write({
        rowGroupSize: GROUP_ROWS,
        columnData: this.#fields.map((field) => {
          const layout = LAYOUTS[field.type];
          return {
            name: field.name,
            data: encodable(field, columns[field.name]!, from, to),
            ...("encoding" in layout ? { encoding: layout.encoding } : {}),
          };
        }),
      });
      this.#flush();
    }
  }

  /** Ends the file and waits until the disk has it. Nothing can be written after. */
  close(): void {
    if (this.#isClosed) return;
    this.#encoder.finish();
    this.#flush();
    this.#file.syncSync();
    this[Symbol.dispose]();
  }

  /** Closes the file as it is; without `close()` before, it is no Parquet file. */
  [Symbol.dispose](): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#file.close();
  }

  #flush(): void {
    const bytes = this.#bytes.getBytes();
    for (let at = 0; at < bytes.length;) at += this.#file.writeSync(bytes.subarray(at));
    this.#bytes.index = 0;
  }
}

/** A part of a column in the form the encoder takes; it checks nothing of numbers. */
function encodable(field: ParquetField, values: ParquetValues, from: number, to: number) {
  const wrong = (value: unknown, k: number) =>
    new RangeError(
      `Cannot write ${value} as "${field.name}" must hold ${field.type}${
        field.nullable === true ? " or null" : ""
      } in row ${k}`,
    );
  const isNullable = field.nullable === true;
  if (!isNullable && field.type === "double" && values instanceof Float64Array) {
    return values.slice(from, to);
  }
  const isRight = IS[field.type];
  const at = (k: number) => {
    const value = values[k] ?? null;
    if (value === null ? !isNullable : !isRight(value)) throw wrong(value, k);
    return value;
  };
  if (!isNullable && field.type === "double") {
    return Float64Array.from({ length: to - from }, (_, k) => at(from + k) as number);
  }
  if (!isNullable && field.type === "int64") {
    const whole = new BigInt64Array(to - from);
    for (let k = from; k < to; k++) whole[k - from] = BigInt(at(k) as number);
    return whole;
  }
  if (!isNullable) {
    const plain = new Array<ParquetValue>(to - from);
    for (let k = from; k < to; k++) plain[k - from] = at(k);
    return plain;
  }
  return Array.from({ length: to - from }, (_, k) => {
    const value = at(from + k);
    return typeof value === "number" && field.type === "int64" ? BigInt(value) : value;
  });
}

const IS: Readonly<Record<ParquetType, (value: unknown) => boolean>> = {
  int64: (value) => Number.isSafeInteger(value),
  double: (value) => typeof value === "number",
  boolean: (value) => typeof value === "boolean",
  string: (value) => typeof value === "string",
};
