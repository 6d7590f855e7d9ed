import type { CopyResult } from "../../store/mod.ts";
import { type Context, ProgramError } from "../program.ts";

/** What to copy. */
export interface CopyTask {
  readonly kind: "backup" | "restore";
  readonly from: string;
  readonly to: string;
  /** What is appended to the name of what a restored database replaces; `null` to refuse. */
  readonly keepAs: string | null;
}

/** What the worker says. */
export type FromWorker =
  | { readonly kind: "progress"; readonly share: number }
  | { readonly kind: "done"; readonly result: CopyResult }
  | { readonly kind: "failed"; readonly message: string };

/** Copies in a worker: SQLite holds up the thread that copies, and this one must hear signals. */
export async function copyInWorker(
  task: CopyTask,
  { report, signal }: Context,
): Promise<CopyResult> {
  const worker = new Worker(new URL("./copy_worker.ts", import.meta.url), { type: "module" });
  try {
    return await new Promise<CopyResult>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
        if (data.kind === "progress") {
          report.progress(`Copying ${task.from}: ${Math.floor(100 * data.share)} %`);
        } else if (data.kind === "done") resolve(data.result);
        else reject(new ProgramError(data.message));
      };
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(event.message));
      };
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      worker.postMessage(task);
    });
  } finally {
    worker.terminate();
    for (const name of [`${task.to}.part`, `${task.to}.restored.part`]) {
      if (signal.aborted) await Deno.remove(name).catch(() => {});
    }
  }
}

/** What was copied, in a few words. */
export function copyText({ bytes, days }: CopyResult): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB, checked` +
    (days > 0 ? `, and ${days} files of closed days` : "");
}
