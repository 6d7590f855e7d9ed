import { type EncodedPart, encodeTable, type Table, type TableFormat } from "../tables/mod.ts";
import type { DownloadTicket } from "./downloads.ts";
import { SAFE_HEADERS, savedAs } from "./respond.ts";

const TYPES: Readonly<Record<TableFormat, string>> = {
  csv: "text/csv; charset=utf-8",
  "csv.gz": "application/gzip",
  parquet: "application/vnd.apache.parquet",
};

/**
 * Answers with a table as a file that is made as fast as it is taken. What is wrong with its first
 * page is thrown; what goes wrong after cuts the answer short, so that no browser takes it for whole.
 *
 * @param ending Aborted when the hub ends: a reader that takes nothing must not hold it up.
 * @param ticket Told how far it is.
 */
export async function download(
  { name, table }: { readonly name: string; readonly table: Table },
  format: TableFormat,
  ending: AbortSignal,
  ticket: DownloadTicket | null,
): Promise<Response> {
  const parts = encodeTable(table, format);
  const first = await untilRows(parts);
  let end = () => {};
  const release = () => ending.removeEventListener("abort", end);
  return new Response(
    new ReadableStream<Uint8Array<ArrayBuffer>>({
      start(controller) {
        end = () => {
          ticket?.stop("the hub is ending");
          controller.error(new Error("The hub is ending"));
        };
        ending.addEventListener("abort", end, { once: true });
      },
      async pull(controller) {
        try {
          const part = first.shift() ?? (await parts.next()).value;
          if (part === undefined) {
            release();
            ticket?.finish();
            return controller.close();
          }
          ticket?.reach(part.rows, part.atMs);
          controller.enqueue(part.bytes);
        } catch (error) {
          release();
          ticket?.stop(error instanceof Error ? error.message : String(error));
          controller.error(error);
        }
      },
      async cancel() {
        release();
        ticket?.stop("it was cancelled");
        await parts.return();
      },
    }, { highWaterMark: 0 }),
    {
      headers: {
        ...SAFE_HEADERS,
        // Packing it for the way would cost more than the way.
        "cache-control": "no-store, no-transform",
        "content-type": TYPES[format],
        ...savedAs(`${name}.${format}`),
      },
    },
  );
}

/** The parts up to the first that holds rows. */
async function untilRows(parts: AsyncIterator<EncodedPart, void>): Promise<EncodedPart[]> {
  const first: EncodedPart[] = [];
  while (true) {
    const { value } = await parts.next();
    if (value === undefined) return first;
    first.push(value);
    if (value.rows > 0) return first;
  }
}
