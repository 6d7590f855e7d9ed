import { dirname, resolve } from "node:path";
import { databaseFile, databaseOption } from "./options.ts";
import { type Program, UsageError } from "./program.ts";

/** What `deno task restore` was asked to do. */
export interface RestoreProgramOptions {
  readonly backup: string;
  /** The database to make. */
  readonly database: string;
  /** Whether a database that is there already is set aside. */
  readonly replace: boolean;
}

/** `deno task restore`: a backup in the place of a database. */
export const restore: Program<RestoreProgramOptions> = {
  name: "restore",
  describe(command) {
    command
      .description("Put a backup in the place of a database, which is kept under another name.")
      .argument("[backup]", "the file that deno task backup made")
      .addOption(databaseOption())
      .option("--replace", "set a database aside that is there already")
      .addHelpText(
        "after",
        `
Examples:
  deno task restore backups/2026-11-27.db --replace
  deno task restore backups/2026-11-27.db --db data/as_it_was.db

Stop the ingest first ("deno task stop"), and start "serve" anew afterwards: it goes on reading the
database that was set aside. Files of closed days are copied into the folder "archive".`,
      );
  },
  read(command, place) {
    const [file] = command.args;
    if (file === undefined) {
      throw new UsageError("Cannot restore as no backup is named: name the file");
    }
    const { db, replace } = command.opts();
    const database = databaseFile(
      db,
      place,
      'restore a database on a server this way: use pg_restore, or "deno task migrate" into an empty one',
    );
    const backup = resolve(place.working, file);
    if (backup === database) {
      throw new UsageError(
        `Cannot restore "${backup}" to itself: name another database with --db, or another backup`,
      );
    }
    return { backup, database, replace: replace === true };
  },
  permissions: ({ backup, database }, { project }) => ({
    // The copying is done by a worker, whose code must be readable.
    read: [dirname(backup), dirname(database), `${project}/lib`],
    write: [dirname(database)],
  }),
  async run(options, context) {
    const { runRestore } = await import("./backup/run_restore.ts");
    await runRestore(options, context);
  },
};
