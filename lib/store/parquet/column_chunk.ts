import type { ColumnChunk, Encoding, ParquetType as PhysicalType, Statistics } from "hyparquet";
import { ByteWriter } from "hyparquet-writer";
import { writePageHeader } from "hyparquet-writer/src/datapage.js";
import { writeRleBitPackedHybrid } from "hyparquet-writer/src/encoding.js";
import { COMPRESSORS } from "./codecs.ts";
import { bitsFor, type Distinct, distinctNumbers, pays } from "./distinct.ts";
import { packDeltas } from "./pack_deltas.ts";
import type { PhysicalColumn } from "./physical_column.ts";

interface Range<T> {
  readonly min_value?: T;
  readonly max_value?: T;
}

/** What a chunk consists of, before it is compressed. */
interface Pages {
  readonly type: PhysicalType;
  readonly encoding: Encoding;
  /** The different values, where rows only name them. */
  readonly dictionary: { readonly bytes: Uint8Array; readonly count: number } | null;
  readonly bytes: Uint8Array;
  /** Smallest and largest value, as far as there are any. */
  readonly range: Range<NonNullable<Statistics["min_value"]>>;
}

/**
 * Writes what one row group holds of a column, in one page: whole numbers as their differences,
 * doubles and text with a dictionary where that takes at most half of the space.
 *
 * @param to Where to.
 * @param name The name of the column.
 * @param column What it holds.
 * @returns What the end of the file tells of it.
 */
export function writeColumnChunk(
  to: ByteWriter,
  name: string,
  column: PhysicalColumn,
): ColumnChunk {
  const pages = pagesOf(column);
  const start = to.offset;
  const plain = pages.dictionary === null ? 0 : writeDictionaryPage(to, pages.dictionary);
  const dataStart = to.offset;
  const { missing, uncompressed } = writeDataPage(to, column, pages);
  const dictionaryUse = pages.dictionary === null
    ? []
    : [{ page_type: "DICTIONARY_PAGE", encoding: "PLAIN", count: 1 } as const];
  return {
    file_offset: BigInt(start),
    meta_data: {
      type: pages.type,
      encodings: [...dictionaryUse.map(({ encoding }) => encoding), pages.encoding],
      path_in_schema: [name],
      codec: "ZSTD",
      num_values: BigInt(column.rows),
      total_compressed_size: BigInt(to.offset - start),
      total_uncompressed_size: BigInt(plain + uncompressed),
      data_page_offset: BigInt(dataStart),
      ...(pages.dictionary === null ? {} : { dictionary_page_offset: BigInt(start) }),
      statistics: { ...pages.range, null_count: BigInt(missing) },
      encoding_stats: [
        ...dictionaryUse,
        { page_type: "DATA_PAGE_V2", encoding: pages.encoding, count: 1 },
      ],
    },
  };
}

function pagesOf(column: PhysicalColumn): Pages {
  switch (column.type) {
    case "int64":
      return {
        ...{ type: "INT64", encoding: "DELTA_BINARY_PACKED", dictionary: null },
        bytes: written((page) => packDeltas(page, column.values)),
        range: rangeOf(column.values, BigInt),
      };
    case "double":
      return pagesOfNumbers(column.values);
    case "boolean":
      return pagesOfBits(column.values);
    case "string":
      return pagesOfTexts(column.values);
  }
}

function pagesOfNumbers(values: Float64Array): Pages {
  const range = rangeOf(values, (value) => value);
  const distinct = distinctNumbers(values);
  if (distinct !== null) {
    const { values: { byteLength, length }, codes } = distinct;
    if (pays(byteLength, length, codes.length, values.byteLength)) {
      return { type: "DOUBLE", range, ...named(bytesOf(distinct.values), length, codes) };
    }
  }
  return { type: "DOUBLE", range, encoding: "PLAIN", dictionary: null, bytes: bytesOf(values) };
}

function pagesOfBits(values: Uint8Array): Pages {
  const bits = written((page) => writeRleBitPackedHybrid(page, values, 1));
  const bytes = written((page) => {
    page.appendUint32(bits.length);
    page.appendBytes(bits);
  });
  const range = rangeOf(values, (value) => value === 1);
  return { type: "BOOLEAN", encoding: "RLE", dictionary: null, bytes, range };
}

function pagesOfTexts({ values, codes }: Distinct<readonly string[]>): Pages {
  const texts = values.map((text) => new TextEncoder().encode(text));
  const append = (page: ByteWriter, text: Uint8Array) => {
    page.appendUint32(text.length);
    page.appendBytes(text);
  };
  const dictionary = written((page) => texts.forEach((text) => append(page, text)));
  const uses = new Uint32Array(texts.length);
  for (let k = 0; k < codes.length; k++) uses[codes[k]!]!++;
  const plain = texts.reduce((sum, text, k) => sum + uses[k]! * (text.length + 4), 0);
  const inUse = texts.filter((_, k) => uses[k]! > 0).sort(compareBytes);
  const range = inUse.length === 0 ? {} : { min_value: inUse[0]!, max_value: inUse.at(-1)! };
  if (pays(dictionary.length, texts.length, codes.length, plain)) {
    return { type: "BYTE_ARRAY", range, ...named(dictionary, texts.length, codes) };
  }
  const bytes = written((page) => codes.forEach((code) => append(page, texts[code]!)));
  return { type: "BYTE_ARRAY", range, encoding: "PLAIN", dictionary: null, bytes };
}

/** Pages of a column whose rows name the values of a dictionary. */
function named(dictionary: Uint8Array, count: number, codes: Uint8Array | Uint32Array) {
  const bytes = written((page) => {
    page.appendUint8(bitsFor(count));
    writeRleBitPackedHybrid(page, codes, bitsFor(count));
  });
  return { encoding: "RLE_DICTIONARY", dictionary: { bytes: dictionary, count }, bytes } as const;
}

/** @returns How long it is before compression, its header included. */
function writeDictionaryPage(
  to: ByteWriter,
  { bytes, count }: NonNullable<Pages["dictionary"]>,
): number {
  const start = to.offset;
  const compressed = COMPRESSORS.ZSTD(bytes);
  writePageHeader(to, {
    type: "DICTIONARY_PAGE",
    uncompressed_page_size: bytes.length,
    compressed_page_size: compressed.length,
    dictionary_page_header: { num_values: count, encoding: "PLAIN" },
  });
  const header = to.offset - start;
  to.appendBytes(compressed);
  return header + bytes.length;
}

function writeDataPage(
  to: ByteWriter,
  { rows, present }: PhysicalColumn,
  { encoding, bytes }: Pages,
): { missing: number; uncompressed: number } {
  const start = to.offset;
  const levels = written((page) => {
    if (present !== null) writeRleBitPackedHybrid(page, present, 1);
  });
  const missing = present === null ? 0 : present.reduce((sum, is) => sum + 1 - is, 0);
  const compressed = COMPRESSORS.ZSTD(bytes);
  writePageHeader(to, {
    type: "DATA_PAGE_V2",
    uncompressed_page_size: levels.length + bytes.length,
    compressed_page_size: levels.length + compressed.length,
    data_page_header_v2: {
      ...{ num_values: rows, num_rows: rows, num_nulls: missing, encoding },
      definition_levels_byte_length: levels.length,
      repetition_levels_byte_length: 0,
      is_compressed: true,
    },
  });
  const header = to.offset - start;
  // Which rows have a value is told before the values, and never compressed.
  to.appendBytes(levels);
  to.appendBytes(compressed);
  return { missing, uncompressed: header + levels.length + bytes.length };
}

function written(write: (page: ByteWriter) => unknown): Uint8Array {
  const page = new ByteWriter();
  write(page);
  return page.getBytes();
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Smallest and largest number, without those that are none; empty where there is no other. */
function rangeOf<T>(
  values: Float64Array | Uint8Array,
  convert: (value: number) => T,
): Range<T> {
  let min = Infinity;
  let max = -Infinity;
  for (let k = 0; k < values.length; k++) {
    const value = values[k]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  // Infinite columns leave the start values, which are right then.
  const hasAny = min < max || values.some((value) => value === min);
  if (!hasAny) return {};
  // A range that ends in a zero holds both of them, as the format wants it.
  return { min_value: convert(min === 0 ? -0 : min), max_value: convert(max === 0 ? 0 : max) };
}

/** The order of texts in a file is that of their bytes. */
function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let k = 0; k < length; k++) if (a[k] !== b[k]) return a[k]! - b[k]!;
  return a.length - b.length;
}
