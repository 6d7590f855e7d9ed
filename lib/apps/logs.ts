import { setTimeout as wait } from "node:timers/promises";
import { besideDatabase } from "../store/mod.ts";
import { databaseOption, databasePath, option, wholeNumber } from "./options.ts";
import { type Program, ProgramError } from "./program.ts";
import { storeFolder } from "./store_access.ts";

interface LogsOptions {
  readonly database: string;
  readonly lines: number;
  readonly follow: boolean;
}

/** How often the file is looked at, in ms. */
const POLL_MS = 250;

/** How much of it is read at a time, bytes. */
const READ_BYTES = 65_536;

/** `deno task logs`: what a detached ingest logged. */
export const logs: Program<LogsOptions> = {
  name: "logs",
  describe(command) {
    command
      .description("Show what the detached ingest of a database logs, and follow it.")
      .addOption(databaseOption())
      .addOption(
        option("-n, --lines <count>", "lines to begin with").argParser(wholeNumber(0, 1e6))
          .default(20),
      )
      .option("--no-follow", "show them and end")
      .addHelpText("after", "\nExamples:\n  deno task logs\n  deno task logs -n 100 --no-follow");
  },
  read(command, place) {
    const o = command.opts();
    return {
      database: databasePath(o.db, place),
      lines: o.lines,
      follow: o.follow,
    };
  },
  permissions: ({ database }) => ({ read: [storeFolder(database)] }),
  async run({ database, lines, follow }, { signal, report }) {
    const path = `${besideDatabase(database)}.log`;
    using file = await Deno.open(path).catch((cause) => {
      throw new ProgramError(
        `Cannot show logs as there is no "${path}": only an ingest started with --detach writes one`,
        { cause },
      );
    });
    const reader = new LineReader(file);
    let last: string[] = [];
    for (let found = await reader.more(); found.length > 0; found = await reader.more()) {
      last = lines === 0 ? [] : [...last, ...found].slice(-lines);
    }
    if (!follow && lines > 0 && reader.rest !== "") last = [...last, reader.rest].slice(-lines);
    if (last.length > 0) report.print(last.join("\n"));
    while (follow && !signal.aborted) {
      const found = await reader.more();
      if (found.length > 0) report.print(found.join("\n"));
      else await wait(POLL_MS, undefined, { signal }).catch(() => {});
    }
  },
};

/** The lines of a file that grows, each once it is whole. */
class LineReader {
  readonly #file: Deno.FsFile;
  readonly #decoder = new TextDecoder();
  readonly #buffer = new Uint8Array(READ_BYTES);
  /** The beginning of a line whose end is not written yet. */
  rest = "";

  constructor(file: Deno.FsFile) {
    this.#file = file;
  }

  /** The next lines; none at the end of what is written so far. */
  async more(): Promise<string[]> {
    while (true) {
      const count = await this.#file.read(this.#buffer);
      if (count === null) return [];
      const text = this.#decoder.decode(this.#buffer.subarray(0, count), { stream: true });
      const lines = (this.rest + text).split("\n");
      this.rest = lines.pop()!;
      if (lines.length > 0) return lines;
    }
  }
}
