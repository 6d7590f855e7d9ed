import type { ImportAnswer } from "../import_answer.ts";
import { HubError } from "../hub_error.ts";
import { readQuery } from "../query.ts";
import { json } from "../respond.ts";
import type { Route } from "./route.ts";

/** How a file that was sent is to be read, where it does not say it itself. */
export interface SentFile {
  /** Its name, without folders. */
  readonly name: string;
  /** The symbol of all rows; `null` for a column, or the name. */
  readonly symbol: string | null;
  /** Length of bars, ms; `null` for the step between rows. */
  readonly intervalMs: number | null;
  /** The zone of times that name none. */
  readonly zone: string;
  /** Its content, never more than may be sent. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Keeps files that are sent in the database. */
export interface FileKeeper {
  /** A longer file is refused, bytes. */
  readonly mostBytes: number;
  /**
   * Stores a file, as `deno task import` does.
   *
   * @throws {Error} If it cannot; the message is for the person who asked.
   */
  keep(file: SentFile): Promise<ImportAnswer>;
}

/** Whether files can be kept, and how long they may be. */
export const fileLimits: Route = ({ actions }) =>
  json({
    canKeep: actions?.files !== undefined,
    mostBytes: actions?.files?.mostBytes ?? 0,
  });

/**
 * Keeps the file that a request carries. It must say that it is bytes, which no page of another site
 * can send unasked.
 */
export async function keepFile(request: Request, keeper: FileKeeper): Promise<Response> {
  const { headers } = request;
  if (!/^application\/octet-stream\b/.test(headers.get("content-type") ?? "")) {
    throw new HubError(
      415,
      "not_bytes",
      "Cannot read the request as it must be application/octet-stream",
    );
  }
  const query = Object.fromEntries(new URL(request.url).searchParams);
  const { name, symbol, interval, zone } = readQuery("file", query);
  const { mostBytes } = keeper;
  if (Number(headers.get("content-length") ?? 0) > mostBytes) throw tooLarge(mostBytes);
  return json(
    await keeper.keep({
      ...{ name, zone, symbol: symbol ?? null, intervalMs: interval ?? null },
      bytes: atMostBytes(request.body ?? new Blob().stream(), mostBytes),
    }),
  );
}

async function* atMostBytes(
  parts: AsyncIterable<Uint8Array>,
  most: number,
): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const bytes of parts) {
    length += bytes.length;
    if (length > most) throw tooLarge(most);
    yield bytes;
  }
}

function tooLarge(most: number): HubError {
  return new HubError(
    413,
    "too_large",
    `Cannot take a file of more than ${
      Math.floor(most / 1e6).toLocaleString("en")
    } MB here: import it with "deno task import"`,
  );
}
