import { csvLine, type RefusedRow } from "../../files/mod.ts";
import type { RefusedLine } from "../../live/mod.ts";

/** So many refused rows are told one by one; all are counted, and written where that is wanted. */
const TOLD = 20;
/** So many are part of the answer for programs. */
const KEPT = 1_000;

/** Tells of rows that are not taken: the first to the person, all to a file if one is named. */
export class RefusedRows implements Disposable {
  readonly kept: RefusedLine[] = [];
  readonly #warn: (message: string) => void;
  readonly #file: Deno.FsFile | null;
  #text = "file,line,reason,text\r\n";
  #told = 0;

  constructor(path: string | null, warn: (message: string) => void) {
    this.#warn = warn;
    this.#file = path === null
      ? null
      : Deno.openSync(path, { write: true, create: true, truncate: true });
  }

  add(file: string, row: RefusedRow): void {
    const { line, reason, text } = row;
    if (this.kept.length < KEPT) this.kept.push({ file, line, reason, text });
    if (++this.#told <= TOLD) this.#warn(`${file}, line ${line} is not taken: ${reason}: ${text}`);
    else if (this.#told === TOLD + 1) {
      this.#warn(
        `More rows are not taken: ${
          this.#file === null ? "--refused FILE writes all of them down" : "all are written down"
        }`,
      );
    }
    if (this.#file === null) return;
    this.#text += `${csvLine([file, line, reason, text])}\r\n`;
    if (this.#text.length > 2 ** 16) this.#flush();
  }

  #flush(): void {
    const bytes = new TextEncoder().encode(this.#text);
    for (let at = 0; at < bytes.length;) at += this.#file!.writeSync(bytes.subarray(at));
    this.#text = "";
  }

  [Symbol.dispose](): void {
    if (this.#file === null) return;
    this.#flush();
    this.#file.close();
  }
}
