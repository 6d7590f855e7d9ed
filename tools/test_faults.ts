// deno-lint-ignore-file no-console -- a command-line tool reports on the console
/**
 * Runs the randomized fault test as long as one likes.
 *
 *     deno task test:faults --runs 2000
 *     deno task test:faults --seed 1234 --runs 1     the run that failed
 *
 * @module
 */
import { runDeno } from "./support/process.ts";

const HELP = `Runs ingestion against an exchange at which everything goes wrong.

Usage: deno task test:faults [--runs COUNT] [--seed NUMBER]

  --runs COUNT    how many runs; one tenth as many more with SIGKILL (default: 200)
  --seed NUMBER   the seed of the first run; the next have the numbers after it`;

const VARIABLES = { "--runs": "TANDEM_FAULT_RUNS", "--seed": "TANDEM_SEED" } as const;

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help")) {
    console.log(HELP);
    return 0;
  }
  const env: Record<string, string> = { TANDEM_FAULT_RUNS: "200" };
  for (let k = 0; k < args.length; k += 2) {
    const variable = VARIABLES[args[k] as keyof typeof VARIABLES];
    const value = args[k + 1] ?? "";
    if (variable === undefined || !/^\d+$/.test(value)) {
      console.error(`Cannot understand "${args.slice(k, k + 2).join(" ")}"\n\n${HELP}`);
      return 2;
    }
    env[variable] = value;
  }
  const test = ["test", "--quiet", "-A", "tests/end_to_end/fault_test.ts"];
  const { code } = await runDeno(test, { env, onLine: console.log });
  return code;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
