import { ParquetEncoder } from "./parquet_encoder.ts";
import type { ParquetField, ParquetInput } from "./parquet_field.ts";

/**
 * Writes a Parquet file as {@link ParquetEncoder} makes it: columns in, file out.
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
  readonly #file: Deno.FsFile;
  readonly #encoder: ParquetEncoder;
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
    this.#file = Deno.openSync(path, { write: true, create: true, truncate: true });
    this.#encoder = new ParquetEncoder(fields, metadata);
  }

  /**
   * Appends rows.
   *
   * @param columns The values of every column, all of the same length.
   * @throws {RangeError} If a column is missing, of another length, or holds what its type cannot.
   */
  write(columns: Readonly<Record<string, ParquetInput>>): void {
    for (const bytes of this.#encoder.encode(columns)) this.#append(bytes);
  }

  /** Ends the file and waits until the disk has it. Nothing can be written after. */
  close(): void {
    if (this.#isClosed) return;
    this.#append(this.#encoder.end());
    this.#file.syncSync();
    this[Symbol.dispose]();
  }

  /** Closes the file as it is; without `close()` before, it is no Parquet file. */
  [Symbol.dispose](): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#file.close();
  }

  #append(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) at += this.#file.writeSync(bytes.subarray(at));
  }
}
