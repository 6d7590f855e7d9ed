import { postgresTest } from "../../support/postgres_server.ts";

/**
 * Defines a test of what a store promises wherever it rests: once with a file, once with a database
 * on a server.
 *
 * @param name The test's name.
 * @param body The test; receives the database, which is not there yet, or is empty.
 */
export function storeTest(name: string, body: (database: string) => void | Promise<void>): void {
  Deno.test(name, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await body(`${folder}/tandem.db`);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
  postgresTest(`${name}, in PostgreSQL`, body);
}
