import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { FileError, linesOf, readZip, type Row } from "../../files/mod.ts";
import { parquetRows } from "./parquet_rows.ts";

/** One table of rows to import. */
export interface Input {
  /** The file, and within a zip the file in it. */
  readonly name: string;
  /** Its content, in parts. */
  readonly rows: AsyncIterable<readonly Row[]>;
}

const MAGIC_BYTES = 4;

/**
 * Opens a file: what it holds when unpacked, one table after the other.
 *
 * @param name What the file is called: it may tell the symbol.
 * @param onRead Told how many bytes of the file were read since the last call.
 * @throws {FileError} If it is damaged.
 */
export async function* openInputs(
  path: string,
  name: string,
  onRead: (bytes: number) => void,
): AsyncGenerator<Input, void, undefined> {
  const magic = await magicOf(path);
  if (magic === "PAR1") yield { name, rows: parquetRows(path, onRead) };
  else if (magic.startsWith("PK")) yield* zipped(path, name, onRead);
  else if (magic.startsWith("\x1f\x8b")) {
    yield { name: name.replace(/\.gz$/i, ""), rows: linesOf(gunzipped(path, onRead)) };
  } else yield { name, rows: linesOf(plain(path, onRead)) };
}

async function magicOf(path: string): Promise<string> {
  using file = await Deno.open(path);
  const bytes = new Uint8Array(MAGIC_BYTES);
  const read = await file.read(bytes) ?? 0;
  return String.fromCharCode(...bytes.subarray(0, read));
}

async function* plain(path: string, onRead: (bytes: number) => void) {
  for await (const bytes of createReadStream(path, { highWaterMark: 2 ** 18 })) {
    onRead(bytes.length);
    yield bytes as Uint8Array;
  }
}

/** Unlike the platform's stream this reads files of several gzip members. */
async function* gunzipped(path: string, onRead: (bytes: number) => void) {
  const file = createReadStream(path, { highWaterMark: 2 ** 16 });
  file.on("data", (bytes) => onRead(bytes.length));
  try {
    yield* pipeline(file, createGunzip({ chunkSize: 2 ** 18 }), () => {}) as AsyncIterable<
      Uint8Array
    >;
  } catch (error) {
    throw new FileError(
      `Cannot unpack it as its gzip data is damaged: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
}

async function* zipped(
  path: string,
  name: string,
  onRead: (bytes: number) => void,
): AsyncGenerator<Input, void, undefined> {
  using file = await Deno.open(path);
  const { size } = await file.stat();
  const read = async (offset: number, length: number) => {
    const bytes = new Uint8Array(length);
    await file.seek(offset, Deno.SeekMode.Start);
    let at = 0;
    for (let got: number | null = 0; at < length && got !== null; at += got ?? 0) {
      got = await file.read(bytes.subarray(at));
    }
    onRead(at);
    return bytes.subarray(0, at);
  };
  for await (const entry of readZip({ size, read })) {
    yield { name: `${name}/${basename(entry.name)}`, rows: linesOf(entry.bytes) };
  }
}
