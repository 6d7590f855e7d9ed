import { ByteWriter, ParquetWriter as Encoder } from "hyparquet-writer";
import { COMPRESSORS } from "./codecs.ts";
import { writeColumnChunk } from "./column_chunk.ts";
import type { ParquetField, ParquetInput, ParquetType } from "./parquet_field.ts";
import { physicalColumn } from "./physical_column.ts";

/** Rows per row group: what a reader decodes at once. */
const GROUP_ROWS = 131_072;

/** How each type is told in the schema. */
const TYPES = {
  int64: { type: "INT64" },
  double: { type: "DOUBLE" },
  boolean: { type: "BOOLEAN" },
  string: { type: "BYTE_ARRAY", converted_type: "UTF8" },
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
        ...fields.map(({ name, type, nullable }) => ({
          ...{ name, ...TYPES[type] },
          repetition_type: nullable === true ? "OPTIONAL" : "REQUIRED",
        } as const)),
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
  *encode(
    columns: Readonly<Record<string, ParquetInput>>,
  ): Generator<Uint8Array<ArrayBuffer>, void, undefined> {
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
      this.#addGroup(columns, from, to);
      yield this.#taken();
    }
  }

  /** Ends the file. @returns Its last bytes; nothing can be encoded after. */
  end(): Uint8Array<ArrayBuffer> {
    this.#encoder.finish();
    return this.#taken();
  }

  /** Encodes rows as the next row group; the library knows of it when it writes the end. */
  #addGroup(columns: Readonly<Record<string, ParquetInput>>, from: number, to: number): void {
    // All are checked before the first byte: what is refused leaves the file as it was.
    const checked = this.#fields.map((field) =>
      physicalColumn(field, columns[field.name]!, from, to)
    );
    const start = this.#bytes.offset;
    const chunks = checked.map((column, k) =>
      writeColumnChunk(this.#bytes, this.#fields[k]!.name, column)
    );
    this.#encoder.num_rows += BigInt(to - from);
    this.#encoder.row_groups.push({
      columns: chunks,
      total_byte_size: chunks.reduce((sum, c) => sum + c.meta_data!.total_uncompressed_size, 0n),
      num_rows: BigInt(to - from),
      total_compressed_size: BigInt(this.#bytes.offset - start),
    });
  }

  #taken(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#bytes.getBytes());
    this.#bytes.index = 0;
    return bytes;
  }
}
