// deno-lint-ignore-file no-console -- a command-line tool reports on the console
/**
 * Runs the randomized fault tests as long as one likes.
 *
 *     deno task test:faults --runs 2000
 *     deno task test:faults --seed 1234 --runs 1     the run that failed
 *     deno task test:faults --roles --runs 50        several processes, killed at random
 *
 * @module
 */
import { runDeno } from "./support/process.ts";

const HELP = `Runs ingestion against an exchange at which everything goes wrong.

Usage: deno task test:faults [--roles] [--runs COUNT] [--seed NUMBER]

  --roles         two feeds, a nats-server and a store, killed and cut off at random moments
  --runs COUNT    how many runs; without --roles one tenth as many more with SIGKILL (default: 200,
                  with --roles 50)
  --seed NUMBER   the seed of the first run; the next have the numbers after it`;

const OF_INGEST = { file: "fault_test.ts", variable: "TANDEM_FAULT_RUNS", runs: "200" };
const OF_ROLES = { file: "roles_kill_test.ts", variable: "TANDEM_ROLE_RUNS", runs: "50" };

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help")) {
    console.log(HELP);
    return 0;
  }
  const { file, variable, runs } = args.includes("--roles") ? OF_ROLES : OF_INGEST;
  const env: Record<string, string> = { [variable]: runs };
  const variables: Readonly<Record<string, string>> = {
    "--runs": variable,
    "--seed": "TANDEM_SEED",
  };
  const numbers = args.filter((arg) => arg !== "--roles");
  for (let k = 0; k < numbers.length; k += 2) {
    const name = variables[numbers[k]!];
    const value = numbers[k + 1] ?? "";
    if (name === undefined || !/^\d+$/.test(value)) {
      console.error(`Cannot understand "${numbers.slice(k, k + 2).join(" ")}"\n\n${HELP}`);
      return 2;
    }
    env[name] = value;
  }
  const test = ["test", "--quiet", "-A", `tests/end_to_end/${file}`];
  const { code } = await runDeno(test, { env, onLine: console.log });
  return code;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
