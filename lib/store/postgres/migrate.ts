import first from "./schema/0001_first.sql" with { type: "text" };
import marks from "./schema/0002_marks.sql" with { type: "text" };
import quotes from "./schema/0003_quotes.sql" with { type: "text" };
import { StoreError } from "../store_error.ts";
import type { Link } from "./link.ts";

/** Forward-only steps; the position of a step is the schema version it leads to. */
const STEPS: readonly string[] = [first, marks, quotes];

/** The schema everything is in, so that a database may hold other things beside it. */
export const SCHEMA = "tandem";

/** Makes the tables, or brings those of an earlier version up to date. Only the writer may call it. */
export function migrate(link: Link): void {
  for (let version = versionOf(link); version < STEPS.length; version++) {
    link.run("transaction", [
      { sql: `CREATE SCHEMA IF NOT EXISTS ${SCHEMA}` },
      { sql: `SET LOCAL search_path = ${SCHEMA}` },
      { sql: STEPS[version]! },
      { sql: `COMMENT ON SCHEMA ${SCHEMA} IS 'Tandem ${version + 1}'` },
    ]);
  }
}

/** Refuses a database that no writer has made, or another version. */
export function requireSchema(link: Link): void {
  const version = versionOf(link);
  const { url } = link.location;
  if (version === 0) {
    throw new StoreError(
      "missing",
      url,
      `Cannot read "${url}" as it holds no store yet: start "deno task ingest --db ${url}" to make it`,
    );
  }
  const [allowed] = link.rows(`SELECT has_schema_privilege('${SCHEMA}', 'USAGE') AS it`);
  if (allowed?.it !== true) {
    // Else the server says of every table that it does not exist.
    throw new StoreError(
      "unreachable",
      url,
      `Cannot read "${url}" as "${link.location.user}" may not see what is in it: let it (docs/postgres.md#roles)`,
    );
  }
  if (version < STEPS.length) {
    throw new StoreError(
      "outdated",
      url,
      `Cannot read "${url}" as an earlier version of Tandem made it: start "deno task ingest" once to bring it up to date`,
    );
  }
}

/** Refuses what others write together in another version: only one that has it alone may change it. */
export function requireSharedSchema(link: Link): void {
  try {
    requireSchema(link);
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== "outdated") throw error;
    const { url } = link.location;
    throw new StoreError(
      "outdated",
      url,
      `Cannot write "${url}" as stores of an earlier version of Tandem write it: end all of them ` +
        `("deno task stop"), then start this one, which brings the database up to date`,
      { cause: error },
    );
  }
}

function versionOf(link: Link): number {
  const { url } = link.location;
  const [row] = link.rows(
    `SELECT obj_description(oid, 'pg_namespace') AS said FROM pg_namespace WHERE nspname = $1`,
    SCHEMA,
  );
  if (row === undefined) return 0;
  const version = Number(/^Tandem (\d+)$/.exec(String(row.said))?.[1] ?? NaN);
  if (Number.isNaN(version)) {
    throw new StoreError(
      "foreign",
      url,
      `Cannot use "${url}" as its schema "${SCHEMA}" belongs to another program: name another database with --db`,
    );
  }
  if (version > STEPS.length) {
    throw new StoreError(
      "newer",
      url,
      `Cannot use "${url}" as a newer version of Tandem made it (schema ${version}, this version knows ${STEPS.length}): update Tandem`,
    );
  }
  return version;
}
