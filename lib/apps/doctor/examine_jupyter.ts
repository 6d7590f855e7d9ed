import type { Examination } from "./examination.ts";
import { findJupyter } from "../notebook/find_jupyter.ts";
import { type Kernelspec, readKernelspec } from "../notebook/kernelspec.ts";

/** Whether notebooks can be opened, and with a kernel that will still be there tomorrow. */
export function examineJupyter(): Examination[] {
  const jupyter = findJupyter();
  return [
    jupyter === null
      ? {
        subject: "Jupyter",
        state: "note",
        finding:
          "not found: notebooks need it; on Debian or Ubuntu: apt-get install jupyter-notebook",
      }
      : { subject: "Jupyter", state: "ok", finding: jupyter },
    { subject: "kernel", ...examineKernel(readKernelspec()) },
  ];
}

function examineKernel(spec: Kernelspec | null): Pick<Examination, "state" | "finding"> {
  const anew = `"deno task notebook" writes it anew`;
  if (spec === null) {
    return {
      state: "note",
      finding: `the Deno kernel is not installed yet: "deno task notebook" does it`,
    };
  }
  const { path, program, exists, passing } = spec;
  if (!exists) {
    return { state: "fail", finding: `${path} names ${program}, which is gone: ${anew}` };
  }
  return passing
    ? { state: "note", finding: `${path} names ${program}, which npx may remove: ${anew}` }
    : { state: "ok", finding: `${program} (${path})` };
}
