import { gzipSync } from "node:zlib";
import { streamName } from "./binance/urls.ts";

/** Where frames are recorded and who hears of trouble. */
export interface RecordingOptions {
  /** The folder of the files; made when it does not exist. */
  readonly folder: string;
  /** How the names of the files begin, for example `binance-usdm_market`. */
  readonly name: string;
  /** Called with a sentence when frames are not recorded, and why. */
  readonly onProblem: (message: string) => void;
  /** How long a frame may wait before it is in the file, ms. @default {2_000} */
  readonly flushMs?: number;
  /** How much may wait for the disk, bytes; frames beyond are left out and counted. @default {67_108_864} */
  readonly capacityBytes?: number;
}

/** Lines that are compressed and written together, so that neither takes the loop for long. */
interface Chunk {
  readonly hour: bigint;
  readonly lines: string[];
  bytes: number;
}

/** A chunk of this size is full, bytes; compressing it takes about 2 ms. */
const CHUNK_BYTES = 2 ** 18;

/** Nearly as small as the usual 6, and four times as fast. */
const GZIP_LEVEL = 3;

const NS_PER_HOUR = 3_600_000_000_000n;

/**
 * Records frames as they came: lines `<local time, ns> <raw text>` in gzipped files, a new one each
 * UTC hour and at each start, named like `binance-usdm_market_2026-11-22T17.jsonl.gz`. Where that
 * name is taken it ends in `_2` and so on; nothing is ever overwritten or appended to.
 *
 * What has waited for `flushMs` is written as a gzip member of its own, with its checksum: a file
 * that was cut off anywhere is whole up to its last complete member. Hours are those of the times
 * given; a time that goes back stays in the newest file. Line breaks inside a frame, which mean
 * nothing in JSON, become spaces.
 *
 * Recording never holds up or fails its caller. With `capacityBytes` waiting for a slow disk, more
 * frames are left out; a file that cannot be written is given up until the next hour. Both are told
 * at once, and how many frames were left out as soon as that is known.
 *
 * @example A frame in a file
 * ```ts
 * import { FrameRecorder } from "tandem/feed";
 * import { strictEqual } from "node:assert/strict";
 * import { gunzipSync } from "node:zlib";
 *
 * const folder = await Deno.makeTempDir();
 * {
 *   await using recorder = new FrameRecorder({
 *     folder,
 *     name: "binance-usdm_market",
 *     onProblem: (message) => console.warn(message),
 *   });
 *   recorder.record('{"e":"aggTrade"}', 1_795_366_800_000_000_000n);
 * }
 * const file = await Deno.readFile(`${folder}/binance-usdm_market_2026-11-22T17.jsonl.gz`);
 * strictEqual(
 *   new TextDecoder().decode(gunzipSync(file)),
 *   '1795366800000000000 {"e":"aggTrade"}\n',
 * );
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export class FrameRecorder implements AsyncDisposable {
  readonly #options: Required<RecordingOptions>;
  readonly #encoder = new TextEncoder();
  /** What waits to be written; the last one grows. */
  #chunks: Chunk[] = [];
  #waitingBytes = 0;
  #newestHour = 0n;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> | null = null;
  #file: { readonly hour: bigint; readonly handle: Deno.FsFile } | null = null;
  #failedHour: bigint | null = null;
  #isFull = false;
  #leftOut = 0;
  #leftOutTold = 0;

  /**
   * Begins without a file; the first frame opens one.
   *
   * @param options Where to record and whom to tell.
   */
  constructor(options: RecordingOptions) {
    this.#options = { flushMs: 2_000, capacityBytes: 2 ** 26, ...options };
  }

  /** How many frames were not recorded. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /**
   * Takes a frame; returns at once.
   *
   * @param text The frame as it was received.
   * @param receivedNs Local time of receipt, ns since the epoch.
   */
  record(text: string, receivedNs: bigint): void {
    const hour = receivedNs / NS_PER_HOUR;
    if (hour > this.#newestHour) this.#newestHour = hour;
    const line = `${receivedNs} ${text.replace(/[\r\n]/g, " ")}\n`;
    if (this.#newestHour === this.#failedHour || !this.#hasRoom(line.length)) {
      this.#leftOut++;
      return;
    }
    this.#waitingBytes += line.length;
    const last = this.#chunks.at(-1);
    if (last !== undefined && last.hour === this.#newestHour && last.bytes < CHUNK_BYTES) {
      last.lines.push(line);
      last.bytes += line.length;
    } else {
      this.#chunks.push({ hour: this.#newestHour, lines: [line], bytes: line.length });
    }
    this.#schedule();
  }

  /**
   * Takes rows of aggregate trades that REST returned, as a frame of the stream
   * `<symbol>@aggTrades`, which the exchange does not have: a replay answers with them.
   *
   * @param symbol The symbol.
   * @param rows The rows as they were received.
   * @param receivedNs Local time of receipt, ns since the epoch.
   */
  recordRows(symbol: string, rows: readonly unknown[], receivedNs: bigint): void {
    if (rows.length === 0) return;
    const stream = `${streamName(symbol, "aggTrade")}s`;
    this.record(JSON.stringify({ stream, data: rows }), receivedNs);
  }

  /** Writes what waits and closes the file. To be called after the last frame. */
  async [Symbol.asyncDispose](): Promise<void> {
    while (this.#writing !== null || this.#chunks.length > 0) {
      this.#write();
      await this.#writing;
    }
    this.#close();
    this.#tellLeftOut();
  }

  #hasRoom(bytes: number): boolean {
    if (this.#waitingBytes + bytes <= this.#options.capacityBytes) return true;
    if (!this.#isFull) {
      this.#isFull = true;
      this.#options.onProblem(
        "Frames are left out of the recording as the disk is slower than the feed",
      );
    }
    return false;
  }

  /** Sees to it that what waits is written: at once if a chunk is full, else after a while. */
  #schedule(): void {
    const [first] = this.#chunks;
    if (this.#writing !== null || first === undefined) return;
    if (this.#chunks.length > 1 || first.bytes >= CHUNK_BYTES) this.#write();
    else this.#timer ??= setTimeout(() => this.#write(), this.#options.flushMs);
  }

  /** Writes what waits now, unless something is being written. */
  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing ??= this.#writeChunks().finally(() => {
      this.#writing = null;
      this.#schedule();
    });
  }

  async #writeChunks(): Promise<void> {
    const chunks = this.#chunks;
    this.#chunks = [];
    for (const chunk of chunks) {
      if (chunk.hour === this.#failedHour) this.#leftOut += chunk.lines.length;
      else await this.#writeChunk(chunk);
      this.#waitingBytes -= chunk.bytes;
    }
    this.#isFull = false;
    if (this.#failedHour === null) this.#tellLeftOut();
  }

  async #writeChunk({ hour, lines }: Chunk): Promise<void> {
    try {
      const file = await this.#fileOf(hour);
      const bytes = gzipSync(this.#encoder.encode(lines.join("")), { level: GZIP_LEVEL });
      for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
      this.#failedHour = null;
    } catch (error) {
      this.#leftOut += lines.length;
      this.#failedHour = hour;
      this.#close();
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.onProblem(
        `Cannot record to ${this.#options.folder}: ${reason}; everything else goes on, and ` +
          `recording is tried again at ${nameOf(hour + 1n)}:00 UTC`,
      );
    }
  }

  async #fileOf(hour: bigint): Promise<Deno.FsFile> {
    if (this.#file?.hour === hour) return this.#file.handle;
    this.#close();
    const handle = await create(this.#options, hour);
    this.#file = { hour, handle };
    return handle;
  }

  #close(): void {
    this.#file?.handle.close();
    this.#file = null;
  }

  #tellLeftOut(): void {
    const count = this.#leftOut - this.#leftOutTold;
    if (count === 0) return;
    this.#leftOutTold = this.#leftOut;
    this.#options.onProblem(`${count} frames were left out of the recording`);
  }
}

/** Makes a file of an hour under a name that is free. */
async function create(
  { folder, name }: Pick<RecordingOptions, "folder" | "name">,
  hour: bigint,
): Promise<Deno.FsFile> {
  await Deno.mkdir(folder, { recursive: true });
  for (let k = 1;; k++) {
    const path = `${folder}/${name}_${nameOf(hour)}${k === 1 ? "" : `_${k}`}.jsonl.gz`;
    try {
      return await Deno.open(path, { write: true, createNew: true });
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
}

/** An hour since the epoch as `2026-11-22T17`. */
function nameOf(hour: bigint): string {
  return new Date(Number(hour) * 3_600_000).toISOString().slice(0, 13);
}
