/**
 * Sequencer, pipeline and SQLite without a socket: whatever goes missing, is fetched in pieces,
 * overflows, crashes and comes back, v_gaps tells exactly which ids were fetched and which are lost.
 */
import { uniform } from "../support/random.ts";
import { GapWorld } from "./support/gap_world.ts";

const RUNS = 200;
const STEPS = 60;
const seed = Number(Deno.env.get("TANDEM_SEED") ?? 20_261_127);

function live(world: GapWorld, draw: () => number): void {
  const whole = (most: number) => 1 + Math.floor(most * draw());
  const steps: readonly (readonly [number, () => void])[] = [
    [0.30, () => world.trade(whole(12))],
    [0.25, () => world.answer(whole(30), 0.2)],
    [0.10, () => world.giveUp()],
    [0.30, () => world.read(draw() < 0.5)],
    [0.03, () => world.restart(draw() < 0.7 ? "crash" : "stop")],
    [0.02, () => world.readd()],
  ];
  for (let k = 0; k < STEPS; k++) {
    let ticket = draw();
    steps.find(([share]) => (ticket -= share) < 0)?.[1]();
  }
  world.settleAndCheck();
}

Deno.test(`v_gaps tells what was fetched and lost, whatever happens (TANDEM_SEED=${seed})`, async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (let run = seed; run < seed + RUNS; run++) {
      const draw = uniform(run);
      using world = new GapWorld(`${folder}/${run}.db`, draw);
      try {
        live(world, draw);
      } catch (error) {
        throw new Error(`TANDEM_SEED=${run}: ${(error as Error).message}`, { cause: error });
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
