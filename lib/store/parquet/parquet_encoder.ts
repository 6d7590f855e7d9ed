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
 * Makes the bytes of a Parquet file, row group by row group: columns in, bytes out. Memory holds one
 * row group.
 *
 * Any Parquet reader can read it: doubles keep every bit, whole numbers are INT64, text is UTF-8
 * with a dictionary where that is smaller; pages are compressed with zstd.
 *
 * @example A file in memory
 * ```ts
 * import { ParquetEncoder, ParquetReader } from "tandem/store";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const encoder = new ParquetEncoder([{ name: "id", type: "int64" }]);
 * const parts = [...encoder.encode({ id: [1, 2] }), encoder.end()];
 * const path = `${Deno.makeTempDirSync()}/ids.parquet`;
 * Deno.writeFileSync(path, new Uint8Array(await new Blob(parts).arrayBuffer()));
 * using reader = new ParquetReader(path);
 * deepStrictEqual([...reader.rows()], [{ id: 1 }, { id: 2 }]);
 * ```
 */
export class ParquetEncoder {
  readonly #fields: readonly ParquetField[];
  readonly #bytes = new ByteWriter();
  readonly #encoder: Encoder;

  /**
   * Begins a file.
   *
   * @param fields Its columns, in order.
   * @param metadata Texts kept in the file, by name; `ParquetReader.metadata` gives them back.
   */
  constructor(
    fields: readonly ParquetField[],
    metadata: Readonly<Record<string, string>> = {},
  ) {
    this.#fields = fields;
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
   * Encodes the next rows; ask for all that it gives, each part as it comes.
   *
   * @param columns The values of every column, all of the same length.
   * @returns The next bytes of the file, a part per row group.
   * @throws {RangeError} If a column is missing, of another length, or holds what its type cannot.
   */
  *encode(columns: ParquetColumns): Generator<Uint8Array<ArrayBuffer>, void, undefined> {
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
      yield this.#taken();
    }
  }

  /** Ends the file. @returns Its last bytes; nothing can be encoded after. */
  end(): Uint8Array<ArrayBuffer> {
    this.#encoder.finish();
    return this.#taken();
  }

  #taken(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#bytes.getBytes());
    this.#bytes.index = 0;
    return bytes;
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
