/** One cell of a notebook file. */
export interface Cell {
  /** Its name within the file. */
  readonly id?: string;
  /** `code`, `markdown` or `raw`. */
  readonly cell_type: string;
  /** Its text; lines keep their ends. */
  readonly source: string | readonly string[];
  /** Tags and what front ends add. */
  readonly metadata?: { readonly tags?: readonly string[] };
  /** How many cells had run when it ran, or `null`. */
  readonly execution_count?: number | null;
  /** What it left. */
  readonly outputs?: readonly Output[];
}

/** One output of a code cell. */
export interface Output {
  /** `stream`, `display_data`, `execute_result` or `error`. */
  readonly output_type: string;
  /** `stdout` or `stderr` of a stream. */
  readonly name?: string;
  /** The text of a stream. */
  readonly text?: string | readonly string[];
  /** Media type -> content of a display. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** What goes with a display. */
  readonly metadata?: unknown;
  /** Of an `execute_result`. */
  readonly execution_count?: number | null;
  /** The class of an error. */
  readonly ename?: string;
  /** Its message. */
  readonly evalue?: string;
  /** Its stack. */
  readonly traceback?: readonly string[];
}

/** A notebook file, format 4. */
export interface Notebook {
  /** The cells, in order. */
  readonly cells: readonly Cell[];
  /** The kernel and the language. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** 4. */
  readonly nbformat: number;
  /** 5 or later: cells have ids. */
  readonly nbformat_minor: number;
}

/**
 * Returns text that a notebook file holds as one string or as lines.
 *
 * @param text The stored form.
 * @returns The text.
 */
export function joined(text: string | readonly string[] | undefined): string {
  return typeof text === "string" ? text : (text ?? []).join("");
}

/**
 * Returns text as the lines a notebook file holds, each with its end.
 *
 * @param text The text.
 * @returns The stored form.
 */
export function asLines(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}

/**
 * Returns whether a cell carries a tag.
 *
 * @param cell The cell.
 * @param tag The tag.
 * @returns `true` when it does.
 */
export function hasTag(cell: Cell, tag: string): boolean {
  return cell.metadata?.tags?.includes(tag) ?? false;
}

/**
 * Returns the notebooks of a folder.
 *
 * @param folder The folder, not its folders.
 * @returns Their paths, in alphabetical order.
 */
export async function notebookFiles(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    if (entry.name.endsWith(".ipynb")) found.push(`${folder}/${entry.name}`);
  }
  return found.sort();
}
