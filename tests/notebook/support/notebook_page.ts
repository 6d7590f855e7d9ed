/// <reference lib="dom" />
import type { Page } from "npm:playwright-core@1.65.1";
import type { Jupyter as JupyterServer } from "./jupyter.ts";

/** The part of the front end that tests use. */
type Maybe = typeof Jupyter["notebook"] | undefined;

declare const Jupyter: {
  readonly notebook: {
    execute_all_cells(): void;
    save_checkpoint(): void;
    readonly kernel: { is_connected(): boolean } | null;
    readonly dirty: boolean;
    get_cells(): {
      cell_type: string;
      input_prompt_number?: number | string;
      set_text(text: string): void;
      execute(): void;
    }[];
  };
};

/** What Jupyter itself logs, and what a page says of a kernel that is gone. */
export const ALLOWED =
  /ERR_(CONNECTION|EMPTY|SOCKET|INCOMPLETE|NETWORK)|WebSocket connection|status of 404|nbextensions/;

/** Writes a notebook of code cells into Jupyter's folder and opens it. */
export async function openCells(
  page: Page,
  jupyter: JupyterServer,
  cells: readonly string[],
): Promise<void> {
  const notebook = {
    cells: cells.map((source, k) => (
      { id: `c${k}`, cell_type: "code", source, execution_count: null, outputs: [], metadata: {} }
    )),
    metadata: { kernelspec: { name: "deno", display_name: "Deno", language: "typescript" } },
    nbformat: 4,
    nbformat_minor: 5,
  };
  await Deno.writeTextFile(`${jupyter.folder}/cells.ipynb`, JSON.stringify(notebook));
  await page.goto(jupyter.notebookUrl("cells.ipynb"));
  await untilConnected(page);
}

/** Waits for the kernel. */
export async function untilConnected(page: Page): Promise<void> {
  // Right after a reload there is no notebook yet.
  await page.waitForFunction(() =>
    typeof Jupyter !== "undefined" && (Jupyter.notebook as Maybe)?.kernel?.is_connected()
  );
}

/** Runs all cells, as the menu does, and waits for their end. */
export async function runAll(page: Page): Promise<void> {
  await page.evaluate(() => Jupyter.notebook.execute_all_cells());
  await page.waitForFunction(
    () =>
      Jupyter.notebook.get_cells().filter((cell) => cell.cell_type === "code")
        .every((cell) => typeof cell.input_prompt_number === "number"),
    null,
    { timeout: 120_000 },
  );
}

/** How many cells had run when each code cell ran. */
export function prompts(page: Page): Promise<unknown[]> {
  return page.evaluate(() =>
    Jupyter.notebook.get_cells().filter((cell) => cell.cell_type === "code")
      .map((cell) => cell.input_prompt_number)
  );
}

/** Runs one more piece of code in the last cell; gives what it prints. */
export async function runLast(page: Page, code: string): Promise<string> {
  await page.evaluate((code) => {
    const cell = Jupyter.notebook.get_cells().at(-1)!;
    cell.set_text(code);
    cell.execute();
  }, code);
  await page.waitForFunction(() =>
    typeof Jupyter.notebook.get_cells().at(-1)!.input_prompt_number === "number"
  );
  // Jupyter may hear that a cell has ended before it has all of its output.
  const said = page.locator(".code_cell").last().locator(".output_text pre");
  await said.filter({ hasText: /\S/ }).first().waitFor();
  return (await said.allInnerTexts()).join("");
}

/** Saves the notebook and opens it anew. */
export async function reload(page: Page): Promise<void> {
  await page.evaluate(() => Jupyter.notebook.save_checkpoint());
  await page.waitForFunction(() => !Jupyter.notebook.dirty);
  await page.reload();
}
