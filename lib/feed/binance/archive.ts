import { createHash } from "node:crypto";
import { sleep } from "../../streams/mod.ts";
import { networkFailure, RestError } from "../rest_error.ts";
import { checkedUrl } from "../checked_url.ts";

/** Where the archive is, unless configured otherwise. */
export const BINANCE_ARCHIVE_URL = "https://data.binance.vision";

/** What a file of the archive holds. */
export type ArchiveKind = "aggTrades" | "trades" | "klines";

/** Names a file of the archive. */
export interface ArchiveFile {
  /** What it holds; `klines` are those of one minute. */
  readonly kind: ArchiveKind;
  /** The symbol as the exchange writes it. */
  readonly symbol: string;
  /** The UTC day, `2026-11-22`, or month, `2026-11`. */
  readonly date: string;
}

/** How to reach the archive. */
export interface BinanceArchiveOptions {
  /** Where it is. @default {"https://data.binance.vision"} */
  readonly baseUrl?: string;
  /** How long the next bytes may take to come, ms. @default {30_000} */
  readonly timeoutMs?: number;
  /** How often a download that fails is tried. @default {4} */
  readonly attempts?: number;
  /** How long the first pause between attempts is, ms; each next is twice as long. @default {1_000} */
  readonly pauseMs?: number;
}

/** A file of the archive that was fetched. */
export interface DownloadedFile {
  /** Where it was put. */
  readonly path: string;
  /** Its SHA-256, which is what the archive says it is. */
  readonly sha256: string;
  /** Its length, bytes. */
  readonly size: number;
}

/**
 * Fetches files of past days and months from the exchange's archive. Nothing is taken that is not
 * what the checksum beside it says.
 *
 * @example Nobody is there
 * ```ts
 * import { BinanceArchive, RestError } from "tandem/feed";
 * import { rejects } from "node:assert/strict";
 *
 * const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
 * const baseUrl = `http://127.0.0.1:${listener.addr.port}`;
 * listener.close();
 * const archive = new BinanceArchive({ baseUrl, attempts: 1 });
 * const day = { kind: "aggTrades", symbol: "BTCUSDT", date: "2026-11-22" } as const;
 * await rejects(archive.fetch(day, Deno.makeTempDirSync()), RestError);
 * ```
 */
export class BinanceArchive {
  /** Where it is, without a trailing slash. */
  readonly baseUrl: string;
  readonly #timeoutMs: number;
  readonly #attempts: number;
  readonly #pauseMs: number;

  /**
   * Makes a client.
   *
   * @param options Address, time-out and patience.
   * @throws {TypeError} If `baseUrl` is no `http:` or `https:` address.
   */
  constructor(options: BinanceArchiveOptions = {}) {
    const { baseUrl = BINANCE_ARCHIVE_URL, timeoutMs = 30_000 } = options;
    this.baseUrl = checkedUrl(baseUrl, "archiveUrl", ["http:", "https:"]);
    this.#timeoutMs = timeoutMs;
    this.#attempts = options.attempts ?? 4;
    this.#pauseMs = options.pauseMs ?? 1_000;
  }

  /**
   * Fetches a file into a folder.
   *
   * @param file Which one.
   * @param folder Where to put it, under its own name.
   * @param signal Ends the download.
   * @returns What was fetched, or `null` where the archive has no such file (yet).
   * @throws {RestError} If it cannot be fetched, or is not what its checksum says.
   */
  async fetch(
    file: ArchiveFile,
    folder: string,
    signal?: AbortSignal,
  ): Promise<DownloadedFile | null> {
    for (let attempt = 1;; attempt++) {
      try {
        return await this.#fetch(file, folder, signal);
      } catch (error) {
        signal?.throwIfAborted();
        const isWorthIt = error instanceof RestError && error.isTemporary;
        if (!isWorthIt || attempt >= this.#attempts) throw error;
        const askedMs = error.retryAfterMs ?? 0;
        await sleep(Math.max(askedMs, this.#pauseMs * 2 ** (attempt - 1)), signal);
      }
    }
  }

  async #fetch(file: ArchiveFile, folder: string, signal?: AbortSignal) {
    const url = `${this.baseUrl}${archivePath(file)}`;
    const line = await this.#get(`${url}.CHECKSUM`, (response) => response.text(), signal);
    if (line === null) return null;
    const expected = /^\s*([0-9a-f]{64})\b/i.exec(line)?.[1]?.toLowerCase();
    if (expected === undefined) {
      throw new RestError(`${url}.CHECKSUM holds no SHA-256`, { status: 200 });
    }
    const path = `${folder}/${url.slice(url.lastIndexOf("/") + 1)}`;
    const saved = await this.#get(
      url,
      (response, onBytes) => save(response, path, onBytes),
      signal,
    );
    if (saved !== null && saved.sha256 !== expected) {
      await Deno.remove(path);
      throw new RestError(`${url} is not what its checksum says: it was damaged on the way`, {
        status: 200,
      });
    }
    return saved;
  }

  /** Asks for something and takes the answer; `null` where there is none. */
  async #get<T>(
    url: string,
    take: (response: Response, onBytes: () => void) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T | null> {
    const silence = new AbortController();
    const startTimer = () =>
      setTimeout(() => silence.abort(new DOMException("", "TimeoutError")), this.#timeoutMs);
    let timer = startTimer();
    const onBytes = () => {
      clearTimeout(timer);
      timer = startTimer();
    };
    try {
      const response = await fetch(url, {
        signal: signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal]),
      });
      if (response.ok) return await take(response, onBytes);
      await response.body?.cancel();
      if (response.status === 404) return null;
      throw refusal(url, response);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof RestError || isOfDisk(error)) throw error;
      const why = networkFailure(error, this.#timeoutMs);
      throw new RestError(`${url} ${why}`, { status: null, cause: error });
    } finally {
      clearTimeout(timer);
    }
  }
}

async function save(response: Response, path: string, onBytes: () => void) {
  const hash = createHash("sha256");
  let size = 0;
  using target = await Deno.open(path, { write: true, create: true, truncate: true });
  for await (const bytes of response.body ?? []) {
    onBytes();
    hash.update(bytes);
    size += bytes.length;
    for (let at = 0; at < bytes.length;) at += await target.write(bytes.subarray(at));
  }
  return { path, sha256: hash.digest("hex"), size };
}

function refusal(url: string, response: Response): RestError {
  const { status } = response;
  const retryAfter = Number(response.headers.get("retry-after") ?? NaN);
  return new RestError(`${url} answered ${status}`, {
    status,
    retryAfterMs: retryAfter >= 0 ? retryAfter * 1_000 : null,
  });
}

function isOfDisk(error: unknown): boolean {
  return error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotFound ||
    error instanceof Error && /ENOSPC|No space left/.test(error.message);
}

/**
 * Returns the path of a file of the archive.
 *
 * @example A day and a month
 * ```ts
 * import { archivePath } from "tandem/feed";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual([
 *   archivePath({ kind: "aggTrades", symbol: "BTCUSDT", date: "2019-12-31" }),
 *   archivePath({ kind: "klines", symbol: "BTCUSDT", date: "2026-09" }),
 * ], [
 *   "/data/futures/um/daily/aggTrades/BTCUSDT/BTCUSDT-aggTrades-2019-12-31.zip",
 *   "/data/futures/um/monthly/klines/BTCUSDT/1m/BTCUSDT-1m-2026-09.zip",
 * ]);
 * ```
 *
 * @param file Which one.
 * @returns The path from the archive's address on, with a leading slash.
 */
export function archivePath({ kind, symbol, date }: ArchiveFile): string {
  const period = date.length > 7 ? "daily" : "monthly";
  const name = encodeURIComponent(symbol);
  const folder = kind === "klines" ? `klines/${name}/1m` : `${kind}/${name}`;
  const what = kind === "klines" ? "1m" : kind;
  return `/data/futures/um/${period}/${folder}/${name}-${what}-${date}.zip`;
}
