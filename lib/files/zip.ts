import {
  configure,
  Reader,
  TextReader,
  Uint8ArrayWriter,
  ZipReader,
  ZipWriter,
} from "@zip.js/zip.js";
import { FileError } from "./file_error.ts";

// Workers outlive what they were started for, and one file is inflated by the platform anyway.
configure({ useWebWorkers: false });

/** The same content gives the same zip. */
const PACKED_AT = new Date("1980-01-02T00:00:00Z");

/** Bytes that can be read from anywhere: a file, or what was downloaded. */
export interface ByteSource {
  /** How many there are. */
  readonly size: number;
  /** Reads a part; fewer bytes only at the end. */
  read(offset: number, length: number): Promise<Uint8Array> | Uint8Array;
}

/** One file within a zip. */
export interface ZippedFile {
  /** Its name, with folders. */
  readonly name: string;
  /** Its length when unpacked, in bytes. */
  readonly size: number;
  /** Its content; reading throws {@link FileError} where the checksum is wrong. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * Reads the files within a zip, one after the other, in constant memory.
 *
 * @example What was packed
 * ```ts
 * import { packZip, readZip } from "tandem/files";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const zip = await packZip("prices.csv", "1,2\n");
 * const source = { size: zip.length, read: (at: number, n: number) => zip.subarray(at, at + n) };
 * for await (const { name, bytes } of readZip(source)) {
 *   deepStrictEqual([name, ...await Array.fromAsync(bytes)], [
 *     "prices.csv",
 *     new TextEncoder().encode("1,2\n"),
 *   ]);
 * }
 * ```
 *
 * @param source The zip's bytes.
 * @returns Its files in the order of its directory; each is read before the next is asked for.
 */
export async function* readZip(source: ByteSource): AsyncGenerator<ZippedFile, void, undefined> {
  const reader = new ZipReader(new SourceReader(source), { checkSignature: true });
  try {
    for await (const entry of reader.getEntriesGenerator()) {
      if (entry.directory) continue;
      yield { name: entry.filename, size: entry.uncompressedSize, bytes: contentOf(entry) };
    }
  } catch (error) {
    throw asFileError(error);
  } finally {
    await reader.close();
  }
}

interface Entry {
  readonly filename: string;
  getData?(writable: WritableStream): Promise<unknown>;
}

async function* contentOf(entry: Entry): AsyncGenerator<Uint8Array, void, undefined> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  let failure: unknown;
  const unpacked = entry.getData!(writable).catch(async (error) => {
    failure = error;
    await writable.abort(error).catch(() => {});
  });
  try {
    yield* readable;
  } catch (error) {
    throw asFileError(failure ?? error, entry.filename);
  } finally {
    await unpacked;
  }
  if (failure !== undefined) throw asFileError(failure, entry.filename);
}

class SourceReader extends Reader<ByteSource> {
  readonly #source: ByteSource;

  constructor(source: ByteSource) {
    super(source);
    this.#source = source;
    this.size = source.size;
  }

  override async readUint8Array(offset: number, length: number): Promise<Uint8Array> {
    return await this.#source.read(offset, Math.min(length, this.#source.size - offset));
  }
}

function asFileError(error: unknown, name?: string): FileError {
  if (error instanceof FileError) return error;
  const why = error instanceof Error ? error.message : String(error);
  const what = name === undefined ? "the zip" : `"${name}" in the zip`;
  return new FileError(`Cannot unpack ${what} as it is damaged: ${why}`, { cause: error });
}

/**
 * Packs one text into a zip; the same text gives the same bytes.
 *
 * @example See {@link readZip}
 * ```ts
 * import { packZip } from "tandem/files";
 * import { strictEqual } from "node:assert/strict";
 *
 * const zip = await packZip("a.csv", "1\n");
 * strictEqual(new TextDecoder().decode(zip.subarray(0, 2)), "PK");
 * ```
 *
 * @param name The name of the file within.
 * @param text Its content.
 * @returns The zip.
 */
export async function packZip(name: string, text: string): Promise<Uint8Array<ArrayBuffer>> {
  const writer = new ZipWriter(new Uint8ArrayWriter());
  await writer.add(name, new TextReader(text), { lastModDate: PACKED_AT });
  return new Uint8Array(await writer.close());
}
