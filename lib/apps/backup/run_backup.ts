import { dirname } from "node:path";
import type { BackupResult } from "../../store/mod.ts";
import type { BackupOptions } from "../backup.ts";
import { type Context, ProgramError } from "../program.ts";

/** What the worker says. */
export type FromWorker =
  | { readonly kind: "progress"; readonly share: number }
  | { readonly kind: "done"; readonly result: BackupResult }
  | { readonly kind: "failed"; readonly message: string };

/** Copies in a worker: SQLite holds up the thread that copies, and this one must hear signals. */
export async function runBackup(options: BackupOptions, context: Context): Promise<void> {
  const { report, signal } = context;
  await Deno.mkdir(dirname(options.target), { recursive: true });
  const worker = new Worker(new URL("./backup_worker.ts", import.meta.url), { type: "module" });
  try {
    const { bytes, days } = await new Promise<BackupResult>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
        if (data.kind === "progress") {
          report.progress(`Copying ${options.database}: ${Math.floor(100 * data.share)} %`);
        } else if (data.kind === "done") resolve(data.result);
        else reject(new ProgramError(data.message));
      };
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(event.message));
      };
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      worker.postMessage(options);
    });
    report.print(
      `${options.target}: ${(bytes / 2 ** 20).toFixed(1)} MiB, checked` +
        (days > 0 ? `, and ${days} files of closed days beside it` : ""),
    );
  } finally {
    worker.terminate();
    if (signal.aborted) await Deno.remove(`${options.target}.part`).catch(() => {});
  }
}
