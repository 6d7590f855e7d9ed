/**
 * Two feeds, a nats-server and a store, each of them killed with SIGKILL and started again at random
 * moments, several at once, their connections cut, against an exchange at which everything goes
 * wrong: what is stored equals what was traded, none twice, bars follow from it, every gap and every
 * frame set aside is told as often as it happened.
 *
 * Run k has the seed `TANDEM_SEED` + k; `TANDEM_ROLE_RUNS` says how many there are. `deno task
 * test:faults --roles` sets both.
 */
import { ok } from "node:assert/strict";
import { natsServerPath } from "../support/nats_server.ts";
import { type RolesResult, runRoles } from "./support/roles_run.ts";

const RUNS = Number(Deno.env.get("TANDEM_ROLE_RUNS") ?? 8);
const SEED = Number(Deno.env.get("TANDEM_SEED") ?? Date.now() % 2 ** 31);
const AT_ONCE = 2;
/** With so many runs every part is struck. */
const MANY_RUNS = 20;

if (natsServerPath === null) {
  // deno-lint-ignore no-console -- a skipped test says why
  console.log("skipped: the roles are not killed as there is no nats-server; install Debian's");
}

Deno.test({
  name: `feeds, log and store lose and double nothing, whoever is killed (TANDEM_SEED=${SEED} ` +
    `TANDEM_ROLE_RUNS=${RUNS})`,
  ignore: natsServerPath === null,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const failures: string[] = [];
    const results: RolesResult[] = [];
    let next = 0;
    const worker = async () => {
      while (next < RUNS) {
        const seed = SEED + next++;
        const own = await Deno.makeTempDir({ dir: folder });
        try {
          results.push(await runRoles(seed, `${own}/tandem.db`));
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
    ok(failures.length === 0, `${failures.length} of ${RUNS} runs:\n${failures.join("\n\n")}`);
    const blows = Object.keys(results[0]!.blows) as (keyof RolesResult["blows"])[];
    const spared = blows.filter((part) => results.every((result) => result.blows[part] === 0));
    ok(RUNS < MANY_RUNS || spared.length === 0, `${spared} were never struck`);
  },
});
