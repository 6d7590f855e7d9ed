import type { Examination } from "./examination.ts";
import { findJupyter } from "../notebook/find_jupyter.ts";
import { readKernelspec } from "../notebook/kernelspec.ts";

/** Whether notebooks can be opened, and with a kernel that will still be there tomorrow. */
export function examineJupyter(): Examination[] {
  const jupyter = findJupyter();
  const spec = readKernelspec();
  return [
    jupyter === null
      ? {
        subject: "Jupyter",
        state: "note",
        finding:
          "not found: notebooks need it; on Debian or Ubuntu: apt-get install jupyter-notebook",
      }
      : { subject: "Jupyter", state: "ok", finding: jupyter },
    spec === null
      ? {
        subject: "kernel",
        state: "note",
        finding: `the Deno kernel is not installed yet: "deno task notebook" does it`,
      }
      : spec.exists
      ? { subject: "kernel", state: "ok", finding: `${spec.program} (${spec.path})` }
      : {
        subject: "kernel",
        state: "fail",
        finding:
          `${spec.path} names ${spec.program}, which is gone: "deno task notebook" writes it anew`,
      },
  ];
}
