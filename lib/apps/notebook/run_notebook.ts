import type { NotebookOptions } from "../notebook.ts";
import { type Context, ProgramError } from "../program.ts";
import { findJupyter } from "./find_jupyter.ts";
import { installKernelspec } from "./kernelspec.ts";

/** Installs the kernel and runs Jupyter until it ends or the signal is aborted. */
export async function runNotebook(
  { place, installOnly, jupyter }: NotebookOptions,
  { signal, report }: Context,
): Promise<void> {
  const program = installOnly ? null : findJupyter();
  if (program === null && !installOnly) {
    throw new ProgramError(
      "Cannot open notebooks as Jupyter is not installed: install it, on Debian or Ubuntu with " +
        `"apt-get install jupyter-notebook", then try again`,
    );
  }
  const spec = installKernelspec();
  report.info(`The Deno kernel is installed: ${spec.path}`);
  if (program === null) return;
  const process = new Deno.Command(program, {
    args: [...jupyter],
    cwd: `${place.project}/notebooks`,
    stdin: "null",
  }).spawn();
  const end = () => process.kill("SIGTERM");
  signal.addEventListener("abort", end, { once: true });
  const { code } = await process.status;
  signal.removeEventListener("abort", end);
  if (code !== 0 && !signal.aborted) {
    throw new ProgramError(`Jupyter ended with code ${code}: see its message above`);
  }
}
