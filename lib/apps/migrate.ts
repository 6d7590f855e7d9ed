import { dirname, resolve } from "node:path";
import { isPostgres } from "../store/mod.ts";
import { counted } from "./counted.ts";
import { databaseOption, databasePath } from "./options.ts";
import { type Program, UsageError } from "./program.ts";

/** What `deno task migrate` was asked to do. */
export interface MigrateOptions {
  /** The database file. */
  readonly file: string;
  /** The database on a server. */
  readonly database: string;
}

/** Moves a database file to a server, once and for all. */
export const migrate: Program<MigrateOptions> = {
  name: "migrate",
  describe(command) {
    command
      .description("Move a database file to a PostgreSQL server, and compare every row.")
      .argument("[file]", "the database file, which stays as it is")
      .addOption(databaseOption())
      .addHelpText(
        "after",
        `
Examples:
  deno task migrate data/tandem.db --db postgres://me@db.example/tandem

Stop the ingest first ("deno task stop"); start it again with the same --db. What was interrupted
goes on when it is started again. See docs/postgres.md.`,
      );
  },
  read(command, place) {
    const [file] = command.args;
    if (file === undefined) {
      throw new UsageError(
        "Cannot migrate as no database file is named: for example data/tandem.db",
      );
    }
    const database = databasePath(command.opts().db, place);
    if (!isPostgres(database)) {
      throw new UsageError(
        'Cannot migrate to a file: name a server with --db postgres://USER@HOST/DATABASE, or copy with "deno task backup"',
      );
    }
    return { file: resolve(place.working, file), database };
  },
  permissions: ({ file }) => ({
    read: [dirname(file)],
    write: [dirname(file)],
    sys: ["hostname"],
  }),
  async run({ file, database }, { signal, report }) {
    const { moveDatabase } = await import("../store/mod.ts");
    const identity = {
      ...{ pid: Deno.pid, host: Deno.hostname(), startedAtMs: Date.now(), simulated: false },
    };
    const { symbols, trades, bars } = await moveDatabase(file, database, {
      ...{ identity, signal },
      onProgress: (doing) => report.progress(doing),
    });
    report.print(
      `${database} holds ${counted(symbols, "symbol")}, ${counted(trades, "trade")} and ` +
        `${counted(bars, "bar")} of ${file}, and all the rest of it; every row was compared`,
    );
  },
};
