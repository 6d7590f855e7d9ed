/** A program that moves closed days of a database until it is killed, or done: `moving.ts DATABASE`. */
import { DAY_MS, openStore, policy, START_MS } from "./days.ts";

using writer = openStore(Deno.args[0]!);
Deno.stdout.writeSync(new TextEncoder().encode("moving\n"));
const { problems } = await writer.housekeep(
  policy(START_MS + 30 * DAY_MS, { archiveAfterMs: 0 }),
  new AbortController().signal,
);
if (problems.length > 0) throw new Error(problems.join("\n"));
