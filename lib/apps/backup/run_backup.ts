import { dirname } from "node:path";
import type { BackupOptions } from "../backup.ts";
import type { Context } from "../program.ts";
import { copyInWorker, copyText } from "./copy_in_worker.ts";

/** Makes a backup. */
export async function runBackup(
  { database, target }: BackupOptions,
  context: Context,
): Promise<void> {
  await Deno.mkdir(dirname(target), { recursive: true });
  const copied = await copyInWorker(
    { kind: "backup", from: database, to: target, keepAs: null },
    context,
  );
  context.report.print(`${target}: ${copyText(copied)}`);
}
