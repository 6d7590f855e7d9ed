import { createReadStream } from "node:fs";
import { pipeline, type Readable } from "node:stream";
import { constants, createGunzip } from "node:zlib";

/** A line of a capture: `<local time, ns since the epoch> <raw JSON>`. */
export interface CapturedLine {
  /** Local time of receipt, ns since the epoch, as 19 digits. */
  readonly localNs: string;
  /** The frame as it was received. */
  readonly json: string;
}

/** What a line is that has no local time in front. */
export type CaptureEntry = CapturedLine | null;

async function isGzip(path: string): Promise<boolean> {
  using file = await Deno.open(path);
  const magic = new Uint8Array(2);
  return await file.read(magic) === 2 && magic[0] === 0x1f && magic[1] === 0x8b;
}

async function openText(path: string): Promise<Readable> {
  const zipped = await isGzip(path);
  const file = createReadStream(path);
  if (!zipped) return file;
  // Unlike DecompressionStream this reads files of several gzip members.
  // The flush gives what is there of a file that was cut off, as by the kill of who wrote it.
  return pipeline(file, createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }), () => {});
}

function entryOf(line: string): CaptureEntry {
  const space = line.indexOf(" ");
  const localNs = line.slice(0, space);
  return /^\d{19}$/.test(localNs) ? { localNs, json: line.slice(space + 1).trimEnd() } : null;
}

/**
 * Reads a capture piece by piece, gzipped or plain; `null` stands for a line without a local time.
 * A gzipped file that was cut off is read as far as it goes; its last line may be a part of one.
 *
 * @throws {Error} If the file cannot be read or its gzip data is damaged.
 */
export async function* readCapture(path: string): AsyncGenerator<CaptureEntry[], void, undefined> {
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for await (const bytes of await openText(path)) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
      rest = lines.pop()!;
      if (lines.length > 0) yield lines.map(entryOf);
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot replay "${path}" as it cannot be read: ${reason}`, { cause: error });
  }
  if (rest.trim() !== "") yield [entryOf(rest)];
}

/** Whether one local time is earlier than another. */
function isEarlier(a: CapturedLine, b: CapturedLine): boolean {
  return a.localNs < b.localNs;
}

/** The lines of one file, one at a time. */
class CaptureCursor {
  readonly #batches: AsyncGenerator<CaptureEntry[], void, undefined>;
  #batch: CaptureEntry[] = [];
  #next = 0;
  /** The line it stands at; `null` after the last. */
  line: CapturedLine | null = null;

  constructor(path: string) {
    this.#batches = readCapture(path);
  }

  /** Moves to the next line; returns at once while lines are at hand. */
  advance(): Promise<void> | null {
    while (this.#next < this.#batch.length) {
      const entry = this.#batch[this.#next++]!;
      if (entry === null) continue;
      this.line = entry;
      return null;
    }
    return this.#read();
  }

  async #read(): Promise<void> {
    const { done, value } = await this.#batches.next();
    this.line = null;
    this.#batch = done === true ? [] : value;
    this.#next = 0;
    if (done !== true) await this.advance();
  }

  async close(): Promise<void> {
    await this.#batches.return();
  }
}

/** A file and the local time of its first line. */
export interface CaptureFile {
  readonly path: string;
  readonly firstNs: string;
}

/**
 * Merges captures by local time. Each file is opened when its time has come and read once, in the
 * order of its lines.
 */
export async function* mergeCaptures(
  files: readonly CaptureFile[],
): AsyncGenerator<CapturedLine, void, undefined> {
  const waiting = files.toSorted((a, b) => a.firstNs < b.firstNs ? -1 : 1);
  const open: CaptureCursor[] = [];
  try {
    while (open.length > 0 || waiting.length > 0) {
      let earliest: CaptureCursor | undefined = open[0];
      for (const cursor of open) {
        if (isEarlier(cursor.line!, earliest!.line!)) earliest = cursor;
      }
      const file = waiting[0];
      if (
        file !== undefined && !(earliest !== undefined && earliest.line!.localNs < file.firstNs)
      ) {
        waiting.shift();
        const cursor = new CaptureCursor(file.path);
        open.push(cursor);
        await cursor.advance();
        if (cursor.line === null) open.splice(open.indexOf(cursor), 1);
        continue;
      }
      yield earliest!.line!;
      const reading = earliest!.advance();
      if (reading !== null) await reading;
      if (earliest!.line === null) open.splice(open.indexOf(earliest!), 1);
    }
  } finally {
    for (const cursor of open) await cursor.close();
  }
}
