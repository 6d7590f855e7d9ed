// deno-lint-ignore-file no-console -- a command-line tool reports on the console
/**
 * Runs a notebook in a real Deno kernel, without Python, and stores or compares its outputs.
 *
 * It runs on a database of its own, and ends the ingestion the notebook started.
 *
 *     deno task run:notebooks [--write] [--check] [notebooks/x.ipynb …]
 *
 * Tags of a cell: `not-run` leaves it out, `raises` expects an error, `live` compares only what
 * kinds of output it has.
 *
 * @module
 */
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { formatDuration } from "../support/format.ts";
import { type Cell, hasTag, joined, type Notebook, notebookFiles } from "../support/notebook.ts";
import { root, runDeno } from "../support/process.ts";
import { compareOutputs } from "./compare_outputs.ts";
import { KernelClient } from "./kernel_client.ts";
import { OutputCollector } from "./output_collector.ts";

/** What running a notebook came to. */
export interface NotebookRun {
  /** The notebook with the outputs of this run. */
  readonly notebook: Notebook;
  /** Cells that failed, one line each. */
  readonly problems: readonly string[];
}

/**
 * Runs the code cells of a notebook in order; stops at the first that fails.
 *
 * @param notebook The notebook.
 * @param kernel A fresh kernel.
 * @returns The notebook with its outputs, and what failed.
 */
export async function runNotebook(notebook: Notebook, kernel: KernelClient): Promise<NotebookRun> {
  const collector = new OutputCollector();
  const cells: Cell[] = [];
  const problems: string[] = [];
  for (const [i, cell] of notebook.cells.entries()) {
    const source = joined(cell.source);
    const isLeftOut = cell.cell_type !== "code" || source.trim() === "" ||
      hasTag(cell, "not-run") || problems.length > 0;
    if (isLeftOut) {
      cells.push(
        cell.cell_type === "code" ? { ...cell, execution_count: null, outputs: [] } : cell,
      );
      continue;
    }
    const result = await kernel.execute(source);
    cells.push({
      ...cell,
      execution_count: result.count,
      outputs: collector.collect(result.outputs),
    });
    if (result.status === "error" && !hasTag(cell, "raises")) {
      // The kernel gives no detail of these two.
      const what = result.evalue === "Execution failed"
        ? "a syntax error, or an import that cannot be resolved"
        : `${result.ename}: ${result.evalue}`;
      problems.push(`cell ${i + 1}: ${what}`);
    }
  }
  return { notebook: { ...notebook, cells }, problems };
}

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { check: { type: "boolean" }, write: { type: "boolean" } },
  });
  const paths = positionals.length > 0 ? positionals : await notebookFiles(`${root}/notebooks`);
  let failed = 0;
  for (const path of paths) {
    const start = performance.now();
    const stored: Notebook = JSON.parse(await Deno.readTextFile(path));
    const { notebook, problems } = await runAlone(stored, resolve(path));
    const all = [...problems, ...values.check ? compareOutputs(stored, notebook) : []];
    for (const problem of all) console.error(`${path} ${problem}`);
    if (values.write && problems.length === 0) {
      await Deno.writeTextFile(path, `${JSON.stringify(notebook, null, 1)}\n`);
    }
    failed += all.length > 0 ? 1 : 0;
    console.log(
      `${path}  ${all.length === 0 ? "ok" : "FAILED"} (${
        formatDuration(performance.now() - start)
      })`,
    );
  }
  return failed === 0 ? 0 : 1;
}

async function runAlone(notebook: Notebook, path: string): Promise<NotebookRun> {
  const folder = await Deno.makeTempDir();
  const database = `${folder}/tandem.db`;
  try {
    await using kernel = await KernelClient.start({
      cwd: dirname(path),
      env: { TANDEM_DB: database },
    });
    return await runNotebook(notebook, kernel);
  } finally {
    const launch = `${root}/lib/apps/launch.ts`;
    await runDeno(["run", "--quiet", "--allow-all", launch, "stop", "--db", database]);
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
