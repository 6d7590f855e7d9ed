import { type FileMetaData, parquetMetadata, parquetSchema } from "hyparquet";
import { StoreError } from "../store_error.ts";
import { decodeChunk, fieldOf } from "./decode.ts";
import type { ParquetColumns, ParquetField, ParquetValue } from "./parquet_field.ts";

/** The end of a file: the length of the metadata before it, and the mark `PAR1`. */
const TAIL_BYTES = 8;

/**
 * Reads a Parquet file, row group by row group: file in, columns out. Reading is synchronous, as
 * that of a database is, and takes only the bytes of the columns asked for.
 *
 * Files of other programs are read as well, as long as their columns are flat: whole numbers of up
 * to 64 bits (beyond 2^53 an error, never a wrong number), floating point, decimals, booleans, text,
 * dates and times (as ms since the epoch), in pages that are plain, Snappy, gzip, Brotli or zstd.
 *
 * @example What a file holds
 * ```ts
 * import { ParquetReader, ParquetWriter } from "tandem/store";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const path = `${Deno.makeTempDirSync()}/ids.parquet`;
 * const writer = new ParquetWriter(path, [{ name: "id", type: "int64" }], { made: "here" });
 * writer.write({ id: [1, 2, 3] });
 * writer.close();
 * using reader = new ParquetReader(path);
 * deepStrictEqual(reader.groupRows, [3]);
 * deepStrictEqual(reader.read(0, ["id"]), { id: new Float64Array([1, 2, 3]) });
 * deepStrictEqual(reader.metadata, { made: "here" });
 * ```
 */
export class ParquetReader implements Disposable {
  /** The columns, in the order of the file. */
  readonly fields: readonly ParquetField[];
  /** Rows of each row group. */
  readonly groupRows: readonly number[];
  /** Rows of the whole file. */
  readonly rowCount: number;
  /** The texts kept in the file, by name. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly #path: string;
  readonly #file: Deno.FsFile;
  readonly #footer: FileMetaData;

  /**
   * Opens a file and reads what it says of itself.
   *
   * @param path The file.
   * @throws {StoreError} If it is no Parquet file, damaged, or its columns are not flat.
   * @throws {Deno.errors} If it cannot be opened.
   */
  constructor(path: string) {
    this.#path = path;
    this.#file = Deno.openSync(path);
    try {
      this.#footer = this.#guard(() => parquetMetadata(this.#footerBytes()));
      const { children } = parquetSchema(this.#footer);
      this.fields = children.map((child) => {
        if (child.children.length === 0) return fieldOf(child.element);
        throw new StoreError(
          "unreachable",
          path,
          `Cannot read "${path}" as its column "${child.element.name}" is nested: only flat columns can be read`,
        );
      });
      this.groupRows = this.#footer.row_groups.map((group) => Number(group.num_rows));
      this.rowCount = this.groupRows.reduce((sum, rows) => sum + rows, 0);
      this.metadata = Object.fromEntries(
        (this.#footer.key_value_metadata ?? []).map(({ key, value }) => [key, value ?? ""]),
      );
    } catch (error) {
      this.#file.close();
      throw error;
    }
  }

  /**
   * Reads columns of one row group.
   *
   * @param group Which, from 0 on.
   * @param names The columns wanted. @default {all}
   * @returns The values by column: a `Float64Array` for numbers without gaps, else an array.
   * @throws {StoreError} If the file is damaged, or holds a number that a double cannot.
   * @throws {RangeError} If there is no such group or column.
   */
  read(group: number, names?: readonly string[]): ParquetColumns {
    const chunks = this.#footer.row_groups[group]?.columns;
    const rows = this.groupRows[group];
    if (chunks === undefined || rows === undefined) {
      throw new RangeError(
        `Cannot read row group ${group} as the file has ${this.groupRows.length}`,
      );
    }
    const schema = parquetSchema(this.#footer);
    return Object.fromEntries((names ?? this.fields.map((f) => f.name)).map((name) => {
      const at = this.fields.findIndex((field) => field.name === name);
      const chunk = chunks[at]?.meta_data;
      if (chunk === undefined) {
        throw new RangeError(
          `Cannot read column "${name}" as the file has ${this.fields.map((f) => f.name).join()}`,
        );
      }
      const from = Number(chunk.dictionary_page_offset ?? chunk.data_page_offset);
      const bytes = this.#bytes(from, Number(chunk.total_compressed_size));
      const path = [schema, schema.children[at]!];
      return [name, this.#guard(() => decodeChunk(bytes, chunk, path, rows))];
    }));
  }

  /** The rows as objects, one after the other. @returns An iterator over all row groups. */
  *rows(): Generator<Record<string, ParquetValue>, void, undefined> {
    for (const [group, rows] of this.groupRows.entries()) {
      const columns = Object.entries(this.read(group));
      for (let k = 0; k < rows; k++) {
        yield Object.fromEntries(columns.map(([name, values]) => [name, values[k] ?? null]));
      }
    }
  }

  /**
   * The smallest and largest number of a column in one row group, as the file says.
   *
   * @param group Which row group, from 0 on.
   * @param name The column.
   * @returns The two, or `null` where the file does not say.
   */
  range(group: number, name: string): readonly [min: number, max: number] | null {
    const at = this.fields.findIndex((field) => field.name === name);
    const said = this.#footer.row_groups[group]?.columns[at]?.meta_data?.statistics;
    const [min, max] = [said?.min_value ?? said?.min, said?.max_value ?? said?.max];
    const isNumber = (v: unknown) => typeof v === "number" || typeof v === "bigint";
    return isNumber(min) && isNumber(max) ? [Number(min), Number(max)] : null;
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#file.close();
  }

  #footerBytes(): ArrayBuffer {
    const { size } = this.#file.statSync();
    if (size < TAIL_BYTES) throw new Error(`the file has ${size} bytes`);
    const tail = new DataView(this.#bytes(size - TAIL_BYTES, TAIL_BYTES));
    const bytes = Math.min(size, tail.getUint32(0, true) + TAIL_BYTES);
    return this.#bytes(size - bytes, bytes);
  }

  #bytes(from: number, length: number): ArrayBuffer {
    const bytes = new Uint8Array(length);
    this.#file.seekSync(from, Deno.SeekMode.Start);
    for (let at = 0; at < length;) {
      const read = this.#file.readSync(bytes.subarray(at));
      if (read === null) throw this.#damaged(new Error("the file ends too early"));
      at += read;
    }
    return bytes.buffer;
  }

  /** Whatever the decoder stumbles over is damage, or something this reader does not know. */
  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw error instanceof StoreError ? error : this.#damaged(error);
    }
  }

  #damaged(cause: unknown): StoreError {
    const why = cause instanceof Error ? cause.message : String(cause);
    return new StoreError(
      "corrupt",
      this.#path,
      `Cannot read "${this.#path}" as it is damaged or no Parquet file (${why}): restore it from where it came`,
      { cause },
    );
  }
}
