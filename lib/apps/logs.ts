import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { databaseOption, databasePath, option, wholeNumber } from "./options.ts";
import { type Program, ProgramError } from "./program.ts";

interface LogsOptions {
  readonly database: string;
  readonly lines: number;
  readonly follow: boolean;
}

/** How often the file is looked at, in ms. */
const POLL_MS = 250;

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
  permissions: ({ database }) => ({ read: [dirname(database)] }),
  async run({ database, lines, follow }, { signal, report }) {
    const path = `${database}.log`;
    let text = await Deno.readTextFile(path).catch((cause) => {
      throw new ProgramError(
        `Cannot show logs as there is no "${path}": only an ingest started with --detach writes one`,
        { cause },
      );
    });
    let at = (await Deno.stat(path)).size;
    const tail = lines === 0 ? [] : text.trimEnd().split("\n").slice(-lines);
    if (tail.length > 0 && tail[0] !== "") report.print(tail.join("\n"));
    using file = await Deno.open(path, { read: true });
    while (follow && !signal.aborted) {
      const { size } = await Deno.stat(path);
      if (size > at) {
        const bytes = new Uint8Array(size - at);
        await file.seek(at, Deno.SeekMode.Start);
        at += await file.read(bytes) ?? 0;
        text = new TextDecoder().decode(bytes).trimEnd();
        if (text !== "") report.print(text);
      }
      await wait(POLL_MS, undefined, { signal }).catch(() => {});
    }
  },
};
