/**
 * Ingestion against an exchange at which everything goes wrong: what is stored equals what was
 * traded, bars follow from it, gaps and quarantine tell what happened.
 *
 * Run k has the seed `TANDEM_SEED` + k; `TANDEM_FAULT_RUNS` says how many there are. One tenth
 * as many more run the program as a process and kill it with SIGKILL. `deno task test:faults` sets
 * both.
 */
import { ok } from "node:assert/strict";
import type { FaultKind, TimedFault } from "../../lib/exchange/mod.ts";
import { faultRunOf, FAULTS, runFaults, type RunResult } from "./support/fault_run.ts";
import { runKills } from "./support/kill_run.ts";

const RUNS = Number(Deno.env.get("TANDEM_FAULT_RUNS") ?? 200);
const SEED = Number(Deno.env.get("TANDEM_SEED") ?? Date.now() % 2 ** 31);
/** With so many runs every kind of fault happens. */
const MANY_RUNS = 100;
/** What the runs of the program leave out, and why: docs/faults.md. */
const NOT_OF_PROGRAM: readonly (FaultKind | TimedFault)[] = [
  ...["half-open", "vanish", "rest-451", "listing"] as const,
];

function survive(
  what: string,
  runs: number,
  atOnce: number,
  run: (seed: number, database: string) => Promise<RunResult>,
  leftOut: readonly (FaultKind | TimedFault)[] = [],
): void {
  const name = `${what} (TANDEM_SEED=${SEED} TANDEM_FAULT_RUNS=${RUNS})`;
  Deno.test(name, async () => {
    const folder = await Deno.makeTempDir();
    const failures: string[] = [];
    const faults = new Set<FaultKind | TimedFault>();
    let next = 0;
    const worker = async () => {
      while (next < runs) {
        const seed = SEED + next++;
        const own = await Deno.makeTempDir({ dir: folder });
        try {
          const result = await run(seed, `${own}/tandem.db`);
          for (const kind of result.faults.keys()) faults.add(kind);
        } catch (error) {
          const reason = error instanceof Error ? error.stack : error;
          const { plan, ...others } = faultRunOf(seed);
          const drawn = JSON.stringify({ ...others, ...plan });
          failures.push(`TANDEM_SEED=${seed} TANDEM_FAULT_RUNS=1 ${drawn}\n${reason}`);
        }
        await Deno.remove(own, { recursive: true });
      }
    };
    try {
      await Promise.all(Array.from({ length: atOnce }, worker));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
    ok(failures.length === 0, `${failures.length} of ${runs} runs:\n${failures.join("\n\n")}`);
    const absent = FAULTS.filter((kind) => !faults.has(kind) && !leftOut.includes(kind));
    ok(runs < MANY_RUNS || absent.length === 0, `${absent} never happened`);
  });
}

survive(
  "the feed and the pipeline lose nothing to faults",
  RUNS,
  6,
  (seed, database) => runFaults(faultRunOf(seed), database),
);

survive(
  "ingest loses nothing to faults and SIGKILL",
  Math.ceil(RUNS / 10),
  2,
  runKills,
  NOT_OF_PROGRAM,
);
