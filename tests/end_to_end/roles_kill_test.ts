/**
 * Two feeds, a nats-server and two stores, each of them killed with SIGKILL and started again at random
 * moments, several at once, their connections cut, against an exchange at which everything goes
 * wrong: what is stored equals what was traded, none twice, bars follow from it, every gap and every
 * frame set aside is told as often as it happened.
 *
 * Run k has the seed `TANDEM_SEED` + k; `TANDEM_ROLE_RUNS` says how many there are with a file, where
 * one store stands by; a quarter as many have a PostgreSQL server, which is killed too, and there two
 * or three stores share the partitions. `deno task test:faults --roles` sets both.
 */
import { ok } from "node:assert/strict";
import { natsServerPath } from "../support/nats_server.ts";
import { postgresFolder, PostgresServer } from "../support/postgres_server.ts";
import { type RolesResult, runRoles } from "./support/roles_run.ts";

const RUNS = Number(Deno.env.get("TANDEM_ROLE_RUNS") ?? 4);
const SEED = Number(Deno.env.get("TANDEM_SEED") ?? Date.now() % 2 ** 31);
const AT_ONCE = 2;
/** With so many runs every part is struck. */
const MANY_RUNS = 20;

/** Defines the test for databases of one kind. */
function survive(where: string, runs: number, isOnServer: boolean): void {
  const isMissing = natsServerPath === null || isOnServer && postgresFolder === null;
  const name = `feeds, log and store lose and double nothing, whoever is killed, ${where} ` +
    `(TANDEM_SEED=${SEED} TANDEM_ROLE_RUNS=${RUNS})`;
  if (isMissing) {
    // deno-lint-ignore no-console -- a skipped test says why
    console.log(`skipped: "${name}" needs Debian's nats-server${isOnServer ? ", postgresql" : ""}`);
  }
  Deno.test({
    name,
    ignore: isMissing,
    // Who asked a server whether its database is leased keeps the connection for a second.
    ...isOnServer ? { sanitizeResources: false, sanitizeOps: false } : {},
    fn: async () => {
      const folder = await Deno.makeTempDir();
      const failures: string[] = [];
      const results: RolesResult[] = [];
      let next = 0;
      const worker = async () => {
        while (next < runs) {
          const seed = SEED + next++;
          const own = await Deno.makeTempDir({ dir: folder });
          try {
            await using server = isOnServer ? await PostgresServer.start() : null;
            const database = await server?.makeDatabase() ?? `${own}/tandem.db`;
            results.push(await runRoles(seed, database, server));
          } catch (error) {
            failures.push(`TANDEM_SEED=${seed} TANDEM_ROLE_RUNS=1\n${(error as Error).stack}`);
          }
          await Deno.remove(own, { recursive: true });
        }
      };
      try {
        await Promise.all(Array.from({ length: AT_ONCE }, worker));
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
      ok(failures.length === 0, `${failures.length} of ${runs} runs:\n${failures.join("\n\n")}`);
      const spared = [...results[0]!.blows.keys()].filter((part) =>
        results.every(({ blows }) => blows.get(part) === 0)
      );
      ok(runs < MANY_RUNS || spared.length === 0, `${spared} were never struck`);
    },
  });
}

survive("in a file", RUNS, false);
survive("in PostgreSQL, which is killed too", Math.ceil(RUNS / 4), true);
