import { dirname } from "node:path";
import type { Context } from "../program.ts";
import type { RestoreProgramOptions } from "../restore.ts";
import { copyInWorker, copyText } from "./copy_in_worker.ts";

/** Restores a backup. */
export async function runRestore(
  { backup, database, replace }: RestoreProgramOptions,
  context: Context,
): Promise<void> {
  await Deno.mkdir(dirname(database), { recursive: true });
  const now = new Date().toISOString().slice(0, 19).replaceAll(":", "");
  const keepAs = replace ? `.replaced-${now}Z` : null;
  const isThere = await Deno.stat(database).then(() => true, () => false);
  const copied = await copyInWorker(
    { kind: "restore", from: backup, to: database, keepAs },
    context,
  );
  context.report.print(`${database}: ${copyText(copied)}`);
  if (keepAs !== null && isThere) {
    context.report.print(`What was there is now ${database}${keepAs}`);
  }
}
