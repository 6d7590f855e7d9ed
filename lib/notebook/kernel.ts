/** Media type -> content, as a notebook shows it. */
export type MediaBundle = Readonly<Record<string, string>>;

/** Deno's side of the notebook, or `null` where no notebook is. */
function jupyter(): typeof Deno.jupyter | null {
  try {
    return Deno.jupyter;
  } catch {
    return null;
  }
}

/** Whether this runs in a notebook. */
export const isInNotebook = jupyter() !== null;

/** Shows something below the cell that runs, or ran last. Does nothing where no notebook is. */
export async function display(bundle: MediaBundle): Promise<void> {
  await jupyter()?.display(bundle, { raw: true });
}

/** Shows something, or shows something else in the place of what has the same id. */
export async function displayAt(id: string, bundle: MediaBundle, update: boolean): Promise<void> {
  await jupyter()?.display(bundle, { raw: true, display_id: id, update });
}

/** Prints a line as an error below the cell that runs, or ran last. */
export function printError(line: string): void {
  jupyter()?.broadcast("stream", { name: "stderr", text: `${line}\n` });
}
