/** Longer lines are no rows of market data: the file is something else. */
const MOST_CHARACTERS = 1_000_000;

/**
 * Cuts text that comes in pieces into lines, without their ends (`\n`, `\r\n`, `\r`) and without a
 * byte order mark.
 *
 * @example A piece may end anywhere
 * ```ts
 * import { LineSplitter } from "tandem/files";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const splitter = new LineSplitter();
 * deepStrictEqual(splitter.push("\uFEFFtime,pr"), []);
 * deepStrictEqual(splitter.push("ice\r\n1,2\r"), ["time,price"]);
 * deepStrictEqual(splitter.end(), ["1,2"]);
 * ```
 */
export class LineSplitter {
  #rest = "";
  #isFirst = true;

  /**
   * Takes the next piece of text.
   *
   * @param text Any part of a file; may end within a line.
   * @returns The lines that are whole now.
   * @throws {RangeError} If a line is longer than a million characters.
   */
  push(text: string): string[] {
    if (text === "") return [];
    let all = this.#rest + text;
    if (this.#isFirst) {
      this.#isFirst = false;
      if (all.startsWith("\uFEFF")) all = all.slice(1);
    }
    // The first half of "\r\n" may be all that has come.
    const half = all.endsWith("\r") ? "\r" : "";
    if (half !== "") all = all.slice(0, -1);
    const lines = all.includes("\r") ? all.split(/\r\n|\n|\r/) : all.split("\n");
    this.#rest = lines.pop()! + half;
    if (this.#rest.length > MOST_CHARACTERS) {
      throw new RangeError("Cannot read lines as one is longer than a million characters");
    }
    return lines;
  }

  /**
   * Takes note that the text is over.
   *
   * @returns The last line, if the text did not end with a line end.
   */
  end(): string[] {
    const rest = this.#rest.endsWith("\r") ? this.#rest.slice(0, -1) : this.#rest;
    this.#rest = "";
    return rest === "" ? [] : [rest];
  }
}

/**
 * Returns the lines of a file, many at a time. The text is UTF-8, or UTF-16 where its byte order
 * mark says so.
 *
 * @example Two lines
 * ```ts
 * import { linesOf } from "tandem/files";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const bytes = [new TextEncoder().encode("a\nb")];
 * deepStrictEqual((await Array.fromAsync(linesOf(bytes))).flat(), ["a", "b"]);
 * ```
 *
 * @param bytes The file's content.
 * @returns Its lines in order, in parts as they come.
 */
export async function* linesOf(
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<string[], void, undefined> {
  const splitter = new LineSplitter();
  let decoder: TextDecoder | null = null;
  for await (const part of bytes) {
    decoder ??= new TextDecoder(encodingOf(part), { ignoreBOM: true });
    const lines = splitter.push(decoder.decode(part, { stream: true }));
    if (lines.length > 0) yield lines;
  }
  const lines = [...splitter.push(decoder?.decode() ?? ""), ...splitter.end()];
  if (lines.length > 0) yield lines;
}

function encodingOf(part: Uint8Array): string {
  if (part[0] === 0xff && part[1] === 0xfe) return "utf-16le";
  if (part[0] === 0xfe && part[1] === 0xff) return "utf-16be";
  return "utf-8";
}
