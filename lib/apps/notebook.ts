import type { Place, Program } from "./program.ts";

/** What `deno task notebook` was asked to do. */
export interface NotebookOptions {
  readonly place: Place;
  /** Only install the kernel. */
  readonly installOnly: boolean;
  /** Further arguments for Jupyter. */
  readonly jupyter: readonly string[];
}

/** `deno task notebook`: the Deno kernel, and Jupyter in the project's notebooks. */
export const notebook: Program<NotebookOptions> = {
  name: "notebook",
  describe(command) {
    command
      .description("Install the Deno kernel for Jupyter and open Jupyter in notebooks/.")
      .argument("[jupyter-arguments...]", "passed on to Jupyter, after --")
      .option("--install-only", "install the kernel and end")
      .addHelpText(
        "after",
        "\nExamples:\n  deno task notebook\n  deno task notebook -- --no-browser --port 8889",
      );
  },
  read: (command, place) => ({
    place,
    installOnly: command.opts().installOnly === true,
    jupyter: command.args,
  }),
  // Jupyter is a Python program and starts kernels; it cannot be confined from here.
  permissions: () => ({ read: true, write: ["/"], env: true, run: true }),
  async run(options, context) {
    const { runNotebook } = await import("./notebook/run_notebook.ts");
    await runNotebook(options, context);
  },
};
