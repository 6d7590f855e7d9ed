import { basename } from "node:path";
import { FileError, readBars, readZip } from "../../files/mod.ts";
import { type Bar, formatInterval } from "../../market/mod.ts";
import { type Context, ProgramError } from "../program.ts";

/** `ADAUSDT` of `ADAUSDT-1m-2025-05.csv.gz`. */
function symbolOf(file: string): string {
  return basename(file).split(/[-.]/)[0]!.toUpperCase();
}

/** Reads files of bars, one symbol each, into bars in open-time order. */
export async function readFileBars(
  files: readonly string[],
  intervalMs: number,
  { report, signal }: Context,
): Promise<Bar[]> {
  const all: Bar[] = [];
  for (const file of files) {
    signal.throwIfAborted();
    report.progress(`Reading ${file}`);
    let [refused, isSimulated] = [0, false];
    for await (const content of contentsOf(file)) {
      const bars = readBars(content, { symbol: symbolOf(file), onRefused: () => refused++ });
      await told(file, async () => {
        for await (const part of bars) {
          for (const bar of part) all.push(bar);
        }
      });
      isSimulated ||= bars.report.simulated > 0;
      checkInterval(file, bars.report.intervalMs, intervalMs);
    }
    if (isSimulated) report.warn(`${file}: SIMULATED prices, as the file says`);
    if (refused > 0) report.warn(`${file}: ${refused} rows are no bars and were left out`);
  }
  return all.sort((a, b) => a.openTimeMs - b.openTimeMs || (a.symbol < b.symbol ? -1 : 1));
}

/** The tables in a file: itself, unpacked, or those in a zip. */
async function* contentsOf(file: string): AsyncGenerator<AsyncIterable<Uint8Array>> {
  if (file.endsWith(".zip")) {
    const bytes = await told(file, () => Deno.readFile(file));
    const read = (at: number, length: number) => bytes.subarray(at, at + length);
    for await (const entry of readZip({ size: bytes.length, read })) yield entry.bytes;
    return;
  }
  const { readable } = await told(file, () => Deno.open(file));
  yield file.endsWith(".gz") ? readable.pipeThrough(new DecompressionStream("gzip")) : readable;
}

function checkInterval(file: string, found: number | null, wanted: number): void {
  if (found === null || wanted % found === 0) return;
  throw new ProgramError(
    `Cannot use ${file} with --interval ${formatInterval(wanted)} as its bars are ${
      found / 1_000
    } s long: choose a multiple`,
  );
}

/** Says which file it is that cannot be read. */
async function told<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) {
      throw new ProgramError(`Cannot find ${file}`, { cause });
    }
    if (cause instanceof FileError) {
      throw new ProgramError(`Cannot read ${file}: ${cause.message}`, { cause });
    }
    throw cause;
  }
}
