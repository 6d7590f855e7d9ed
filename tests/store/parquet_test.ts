import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import {
  CodedText,
  type ParquetField,
  type ParquetInput,
  ParquetReader,
  ParquetWriter,
  StoreError,
} from "../../lib/store/mod.ts";
import { duckdbAll } from "../support/duckdb.ts";

const FIELDS: readonly ParquetField[] = [
  { name: "id", type: "int64" },
  { name: "price", type: "double" },
  { name: "side", type: "string" },
  { name: "flag", type: "boolean" },
  { name: "maybe id", type: "int64", nullable: true },
  { name: "maybe price", type: "double", nullable: true },
  { name: "maybe name", type: "string", nullable: true },
];

function withFile(body: (path: string) => void | Promise<void>): () => Promise<void> {
  return async () => {
    const folder = await Deno.makeTempDir();
    try {
      await body(`${folder}/file.parquet`);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  };
}

function write(
  path: string,
  fields: readonly ParquetField[],
  ...parts: Readonly<Record<string, ParquetInput>>[]
): void {
  using writer = new ParquetWriter(path, fields);
  for (const part of parts) writer.write(part);
  writer.close();
}

Deno.test(
  "ParquetReader gives back what ParquetWriter was given, bit for bit",
  withFile((path) => {
    const whole = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: 0, max: 9 }));
    const number = fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(83_091.7, 0.1 + 0.2, 5e-9));
    const name = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("buy", "sell", "币安"));
    const row = fc.tuple(
      ...[whole, number, name, fc.boolean()] as const,
      ...[fc.option(whole), fc.option(number), fc.option(name)] as const,
    );
    const part = fc.array(row, { maxLength: 300 });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 3 }), (parts) => {
        const columnsOf = (rows: typeof parts[number]) =>
          Object.fromEntries(FIELDS.map((f, k) => [f.name, rows.map((r) => r[k]!)]));
        write(path, FIELDS, ...parts.map(columnsOf));
        using reader = new ParquetReader(path);
        deepStrictEqual(
          reader.fields.map((f) => [f.name, f.type, f.nullable]),
          FIELDS.map((f) => [f.name, f.type, f.nullable === true]),
        );
        deepStrictEqual(
          [...reader.rows()].map((r) => FIELDS.map((f) => r[f.name])),
          parts.flat().map((r) => [...r]),
        );
      }),
      { numRuns: 60 },
    );
  }),
);

Deno.test(
  "ParquetWriter writes row groups that can be read one by one, with their ranges",
  withFile((path) => {
    const rows = 300_000;
    const id = Float64Array.from({ length: rows }, (_, k) => 2 ** 40 + k);
    write(path, [{ name: "id", type: "int64" }], { id });
    using reader = new ParquetReader(path);
    strictEqual(reader.rowCount, rows);
    ok(reader.groupRows.length > 1, `${reader.groupRows}`);
    let from = 0;
    for (const [group, length] of reader.groupRows.entries()) {
      deepStrictEqual(reader.read(group, ["id"]), { id: id.slice(from, from + length) });
      deepStrictEqual(reader.range(group, "id"), [id[from], id[from + length - 1]]);
      from += length;
    }
  }),
);

Deno.test(
  "ParquetWriter.write() refuses what a column cannot hold",
  withFile((path) => {
    using writer = new ParquetWriter(path, FIELDS.slice(0, 2));
    throws(() => writer.write({ id: [1] }), /without column "price"/);
    throws(() => writer.write({ id: [1], price: [1, 2] }), /"price" must have 1 values: it has 2/);
    throws(() => writer.write({ id: [1.5], price: [1] }), /"id" must hold int64 in row 0/);
    throws(() => writer.write({ id: [2 ** 53], price: [1] }), /"id" must hold int64/);
    throws(
      () => writer.write({ id: [1, 2], price: [1, null] }),
      /"price" must hold double in row 1/,
    );
    throws(() => writer.write({ id: ["1"], price: [1] }), RangeError);
  }),
);

Deno.test(
  "ParquetWriter keeps differences of any size, both zeros, and text that comes as codes",
  withFile(async (path) => {
    const most = Number.MAX_SAFE_INTEGER;
    const ids = [
      most,
      -most,
      most,
      0,
      2 ** 52,
      -1,
      ...Array.from({ length: 300 }, (_, k) => k * k),
    ];
    const rows = ids.length;
    const price = Float64Array.from(ids, (_, k) => [0, -0, NaN, Infinity, 0.1 + 0.2][k % 5]!);
    const side = new CodedText(
      ["sell", "unused", "buy"],
      Uint8Array.from(ids, (_, k) => k % 3 === 0 ? 0 : 2),
    );
    write(path, FIELDS.slice(0, 3), { id: ids, price, side }, {
      ...{ id: Float64Array.from(ids).map((id) => id % 1_000), price, side },
    });
    using reader = new ParquetReader(path);
    for (const group of [0, 1]) {
      const read = reader.read(group);
      deepStrictEqual(
        [...read.id as Float64Array],
        group === 0 ? ids : ids.map((id) => id % 1_000),
      );
      ok(price.every((value, k) => Object.is(value, read.price![k])));
      deepStrictEqual(read.side, side.toArray());
    }
    deepStrictEqual(reader.range(0, "id"), [-most, most]);
    const [found] = await duckdbAll(
      `SELECT count(*)::INT AS rows, (count(*) FILTER (side = 'sell'))::INT AS sold FROM '${path}'
       WHERE side <> 'unused'`,
    );
    deepStrictEqual(found![0], {
      rows: 2 * rows,
      sold: 2 * ids.filter((_, k) => k % 3 === 0).length,
    });
    throws(() => new CodedText(["buy"], new Uint8Array([0, 1])), /row 1 must name one of 1 texts/);
    throws(() => write(path, [{ name: "id", type: "int64" }], { id: side }), /must hold int64/);
  }),
);

Deno.test(
  "ParquetReader says what is wrong with a file",
  withFile(async (path) => {
    const isCorrupt = (error: unknown) => {
      ok(error instanceof StoreError && error.code === "corrupt", `${error}`);
      ok(error.message.includes(path), error.message);
      return true;
    };
    for (const text of ["", "PAR1", "this is no Parquet file, but longer than eight bytes"]) {
      await Deno.writeTextFile(path, text);
      throws(() => new ParquetReader(path), isCorrupt);
    }
    const id = Float64Array.from({ length: 5_000 }, (_, k) => k * k);
    write(path, [{ name: "id", type: "int64" }], { id });
    const bytes = await Deno.readFile(path);
    await Deno.writeFile(path, bytes.subarray(0, -20));
    throws(() => new ParquetReader(path), isCorrupt);
    // All before the footer is pages: a single bit of any of them is noticed.
    const footer = new DataView(bytes.buffer).getUint32(bytes.length - 8, true);
    const end = bytes.length - 8 - footer;
    ok(end > 100, `${end}`);
    for (let at = 4; at < end; at++) {
      await Deno.writeFile(path, bytes.with(at, bytes[at]! ^ 1 << at % 8));
      using reader = new ParquetReader(path);
      try {
        deepStrictEqual(reader.read(0), { id }, `byte ${at}`);
      } catch (error) {
        isCorrupt(error);
      }
      throws(() => reader.read(1), /file has 1/);
    }
  }),
);

Deno.test(
  "DuckDB reads what ParquetWriter wrote, with its types",
  withFile(async (path) => {
    write(path, FIELDS, {
      "id": [2 ** 53 - 1, -1],
      "price": [0.1 + 0.2, 5e-324],
      "side": ["buy", "币安人生"],
      "flag": [true, false],
      "maybe id": [null, 3],
      "maybe price": [1 / 3, null],
      "maybe name": [null, ""],
    });
    const [columns, rows] = await duckdbAll(
      `DESCRIBE SELECT * FROM '${path}'`,
      `SELECT * FROM '${path}'`,
    );
    deepStrictEqual(
      columns!.map((r) => r.column_type),
      ["BIGINT", "DOUBLE", "VARCHAR", "BOOLEAN", "BIGINT", "DOUBLE", "VARCHAR"],
    );
    deepStrictEqual(rows!.map((r) => Object.values(r)), [
      ["9007199254740991", 0.1 + 0.2, "buy", true, null, 1 / 3, null],
      ["-1", 5e-324, "币安人生", false, "3", null, ""],
    ]);
  }),
);

Deno.test(
  "ParquetReader reads what DuckDB wrote, in each of its compressions",
  withFile(async (path) => {
    const rows = `SELECT i AS id, i / 7 AS ratio, 'n' || (i % 3) AS name, i % 2 = 0 AS even,
        CASE WHEN i % 5 = 0 THEN NULL ELSE i END AS maybe,
        make_timestamp(1721347022956000 + 1000 * i) AS at, DATE '2024-07-19' AS day,
        ((i - 9) / 100)::DECIMAL(9, 2) AS money, ((i - 9) / 100)::DECIMAL(18, 2) AS more,
        '-12345678901234567.89'::DECIMAL(38, 9) + i AS most,
        CASE WHEN i % 5 = 0 THEN NULL ELSE i * '0.00000001'::DECIMAL(38, 30) END AS least
      FROM range(3000) t(i)`;
    const codecs = ["uncompressed", "snappy", "gzip", "zstd", "brotli"];
    await duckdbAll(
      ...codecs.map((codec) =>
        `COPY (${rows}) TO '${path}.${codec}' (FORMAT parquet, COMPRESSION ${codec})`
      ),
      `COPY (SELECT 9007199254740993 AS id) TO '${path}.large' (FORMAT parquet)`,
      `COPY (SELECT [1, 2] AS list) TO '${path}.list' (FORMAT parquet)`,
    );
    for (const codec of codecs) {
      using reader = new ParquetReader(`${path}.${codec}`);
      strictEqual(reader.rowCount, 3_000, codec);
      let k = 0;
      for (const row of reader.rows()) {
        deepStrictEqual(row, {
          id: k,
          ratio: k / 7,
          name: `n${k % 3}`,
          even: k % 2 === 0,
          maybe: k % 5 === 0 ? null : k,
          at: 1_721_347_022_956 + k,
          day: Date.UTC(2024, 6, 19),
          money: (k - 9) / 100,
          more: (k - 9) / 100,
          most: Number(`-${12_345_678_901_234_567n - BigInt(k)}.89`),
          least: k % 5 === 0 ? null : Number(`${k}e-8`),
        }, codec);
        k++;
      }
    }
    using large = new ParquetReader(`${path}.large`);
    throws(() => large.read(0), /9007199254740993 is beyond 2\^53/);
    throws(() => new ParquetReader(`${path}.list`), /column "list" is nested/);
  }),
);
