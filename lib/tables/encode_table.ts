import { setImmediate } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { csvLine } from "../files/mod.ts";
import { CodedText, ParquetEncoder } from "../store/mod.ts";
import type { Rows, Table } from "./table.ts";

/** How a table is written: as CSV (RFC 4180), the same gzipped, or Parquet. */
export type TableFormat = "csv" | "csv.gz" | "parquet";

/** A part of an encoded table. */
export interface EncodedPart {
  /** The next bytes of the file. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Rows that are in the file by now. */
  readonly rows: number;
  /** The time they reach, ms since the epoch; `null` where rows have none. */
  readonly atMs: number | null;
}

/** So much of a CSV file is encoded at a time, in UTF-16 units. */
const PART = 2 ** 20;

/**
 * Gives the bytes of a table as its rows are read: one page of it is in memory, however long it is.
 * Between two parts other work gets its turn. In CSV an absent value is an empty cell.
 *
 * @example A table of three readings as CSV
 * ```ts
 * import { encodeTable, readingsTable } from "tandem/tables";
 * import { pairReadings } from "tandem/pairs";
 * import { strictEqual } from "node:assert/strict";
 *
 * const rows = [7, 8, 9].map((y, row) => (
 *   { row, openTimeMs: 60_000 * row, y, x: 5, stale: false, complete: true, revision: 0 }
 * ));
 * const table = readingsTable(pairReadings(rows, { windowBars: 60 }));
 * const parts = await Array.fromAsync(encodeTable(table, "csv"));
 * const text = await new Blob(parts.map(({ bytes }) => bytes)).text();
 * strictEqual(text.split("\r\n")[1]!.slice(0, 10), "0,7,5,,,,,");
 * strictEqual(parts.at(-1)!.rows, 3);
 * ```
 *
 * @param table What to write.
 * @param format How.
 * @returns The parts of the file, in order.
 */
export async function* encodeTable(
  table: Table,
  format: TableFormat,
): AsyncGenerator<EncodedPart, void, undefined> {
  const encoder = format === "parquet" ? new ParquetFile(table) : new CsvFile(table, format);
  let rows = 0;
  let atMs: number | null = null;
  for (const bytes of encoder.begin()) yield { bytes, rows, atMs };
  for (const page of table.rows()) {
    rows += page.length;
    atMs = page.atMs ?? null;
    for (const bytes of encoder.encode(page)) yield { bytes, rows, atMs };
    // Lets other work, and a signal, in; a timer would wait for a millisecond or two.
    await setImmediate();
  }
  for (const bytes of encoder.end()) yield { bytes, rows, atMs };
}

type Bytes = Iterable<Uint8Array<ArrayBuffer>>;

class ParquetFile {
  readonly #encoder: ParquetEncoder;

  constructor({ fields }: Table) {
    this.#encoder = new ParquetEncoder(fields);
  }

  begin(): Bytes {
    return [];
  }

  encode({ columns }: Rows): Bytes {
    return this.#encoder.encode(columns);
  }

  end(): Bytes {
    return [this.#encoder.end()];
  }
}

class CsvFile {
  readonly #names: readonly string[];
  readonly #isPacked: boolean;
  readonly #encoder = new TextEncoder();

  constructor({ fields }: Table, format: "csv" | "csv.gz") {
    this.#names = fields.map(({ name }) => name);
    this.#isPacked = format === "csv.gz";
  }

  begin(): Bytes {
    return [this.#bytes(`${csvLine(this.#names)}\r\n`)];
  }

  *encode({ length, columns }: Rows): Generator<Uint8Array<ArrayBuffer>> {
    const values = this.#names.map((name) => {
      const column = columns[name]!;
      return column instanceof CodedText ? column.toArray() : column;
    });
    const row = new Array<unknown>(values.length);
    let text = "";
    for (let k = 0; k < length; k++) {
      for (let c = 0; c < values.length; c++) row[c] = values[c]![k];
      text += `${csvLine(row)}\r\n`;
      if (text.length < PART) continue;
      yield this.#bytes(text);
      text = "";
    }
    if (text !== "") yield this.#bytes(text);
  }

  end(): Bytes {
    return [];
  }

  #bytes(text: string): Uint8Array<ArrayBuffer> {
    const plain = this.#encoder.encode(text);
    // Members of a gzip file follow each other: any reader reads them as one.
    return this.#isPacked ? new Uint8Array(gzipSync(plain)) : plain;
  }
}
