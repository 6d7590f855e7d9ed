/**
 * The roles killed at random as in `roles_kill_test.ts`, with the store's database on a real PostgreSQL
 * server. `TANDEM_SEED` is the seed of the run.
 */
import { natsServerPath } from "../support/nats_server.ts";
import { postgresTest } from "../support/postgres_server.ts";
import { runRoles } from "./support/roles_run.ts";

const SEED = Number(Deno.env.get("TANDEM_SEED") ?? Date.now() % 2 ** 31);

if (natsServerPath === null) {
  // deno-lint-ignore no-console -- a skipped test says why
  console.log("skipped: the roles are not killed as there is no nats-server; install Debian's");
} else {
  postgresTest(
    `feeds, log and a store on a server lose and double nothing (TANDEM_SEED=${SEED})`,
    async (database) => void await runRoles(SEED, database),
  );
}
