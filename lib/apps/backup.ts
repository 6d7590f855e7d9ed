import { dirname, resolve } from "node:path";
import { databaseFile, databaseOption } from "./options.ts";
import { type Program, UsageError } from "./program.ts";

/** What `deno task backup` was asked to do. */
export interface BackupOptions {
  readonly database: string;
  /** The file to make. */
  readonly target: string;
}

/** `deno task backup`: a copy of a database, also while an ingest writes it. */
export const backup: Program<BackupOptions> = {
  name: "backup",
  describe(command) {
    command
      .description("Copy a database as it is at this moment, also while an ingest writes it.")
      .argument("[file]", "the copy to make, such as backups/2026-11-27.db")
      .addOption(databaseOption())
      .addHelpText(
        "after",
        `
Examples:
  deno task backup backups/2026-11-27.db
  deno task backup /mnt/disk/tandem.db --db data/tandem.db

The copy is checked. Files of closed days go into the folder "archive" beside it. It is a database
like any other: name it with --db, or put it back with "deno task restore".`,
      );
  },
  read(command, place) {
    const [file] = command.args;
    if (file === undefined) {
      throw new UsageError("Cannot back up as no file is named: name the copy");
    }
    const database = databaseFile(
      command.opts().db,
      place,
      "back up a database on a server this way: use pg_dump, which copies it while it is written",
    );
    return { database, target: resolve(place.working, file) };
  },
  permissions: ({ database, target }, { project }) => ({
    // The copying is done by a worker, whose code must be readable.
    read: [dirname(database), dirname(target), `${project}/lib`],
    write: [dirname(target)],
  }),
  async run(options, context) {
    const { runBackup } = await import("./backup/run_backup.ts");
    await runBackup(options, context);
  },
};
