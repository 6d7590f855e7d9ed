// deno-lint-ignore-file no-console -- a command-line tool reports on the console
/**
 * Checks notebooks: the types of their code, and what they store.
 *
 * The kernel itself checks no types. Every code cell must have been run and hold no error; a cell
 * that calls `show()` must hold its picture or table; no stored output may hold a path of the machine it was
 * made on, a local address or a token. Tags make exceptions: `not-run`, `no-picture`, `raises`.
 *
 *     deno task check:notebooks [notebooks/x.ipynb …]
 *
 * @module
 */
import { basename, dirname } from "node:path";
import { hasTag, joined, type Notebook, notebookFiles, type Output } from "./support/notebook.ts";
import { root, runDeno } from "./support/process.ts";

const PRIVATE: readonly [RegExp, string][] = [
  [/\/(?:home|Users)\/[^/\s"'<]+/, "a home folder"],
  [/\/(?:root|tmp|var\/folders)\/[^\s"'<]+/, "a path of the machine"],
  [/[A-Z]:\\\\?Users\\/, "a home folder"],
  [/file:\/\/\/[^\s"'<]+/, "a file URL"],
  [/(?:127\.0\.0\.1|localhost):\d+/, "a local address"],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b/, "a token"],
  [/\b(?:token|secret|api_?key)=[\w-]{8,}/i, "a token"],
];

/** The code cells of a notebook as one file of TypeScript. */
export interface JoinedCode {
  /** The text. */
  readonly text: string;
  /** Returns where a line of the text (from 1) came from, for example `cell 3 line 2`. */
  readonly origin: (line: number) => string;
}

/**
 * Joins the code cells of a notebook. Cells count from 1 among all cells, as a reader counts them.
 *
 * @param notebook The notebook.
 * @returns The code and the way back to its cells.
 */
export function joinCode(notebook: Notebook): JoinedCode {
  const starts: { readonly line: number; readonly cell: number }[] = [];
  let text = "";
  let line = 1;
  for (const [i, cell] of notebook.cells.entries()) {
    if (cell.cell_type !== "code") continue;
    const part = `${joined(cell.source)}\n;\n`;
    starts.push({ line, cell: i + 1 });
    line += part.split("\n").length - 1;
    text += part;
  }
  const origin = (at: number) => {
    const start = starts.findLast((entry) => entry.line <= at);
    return start === undefined ? "" : `cell ${start.cell} line ${at - start.line + 1}`;
  };
  return { text: `${text}export {};\n`, origin };
}

function isShown(output: Output): boolean {
  const data = output.data ?? {};
  return Object.keys(data).some((type) => type.startsWith("image/")) ||
    /<(img|table)\b/.test(joined(data["text/html"] as string | undefined));
}

/** What an output shows, without what is encoded in base64. */
function readable(output: Output): string {
  return JSON.stringify(output).replaceAll(/base64,[A-Za-z0-9+/=]+/g, "base64,");
}

/** The text of pictures that are stored encoded: they may hold a path as well. */
function decodedPictures(output: Output): string {
  const html = joined(output.data?.["text/html"] as string | undefined);
  return [...html.matchAll(/data:image\/svg\+xml;base64,([A-Za-z0-9+/=]+)/g)]
    .map((match) => atob(match[1]!)).join("\n");
}

/**
 * Returns what is wrong with the stored outputs of a notebook.
 *
 * @param notebook The notebook.
 * @returns Lines such as `cell 4: was not run`.
 */
export function findOutputProblems(notebook: Notebook): string[] {
  const problems: string[] = [];
  for (const [i, cell] of notebook.cells.entries()) {
    if (cell.cell_type !== "code") continue;
    const at = `cell ${i + 1}`;
    const source = joined(cell.source);
    const outputs = cell.outputs ?? [];
    const isEmpty = source.trim() === "";
    if (!isEmpty && !hasTag(cell, "not-run") && typeof cell.execution_count !== "number") {
      problems.push(`${at}: was not run`);
      continue;
    }
    const error = outputs.find((output) => output.output_type === "error");
    if (error !== undefined && !hasTag(cell, "raises")) {
      problems.push(`${at}: holds an error, ${error.ename}: ${error.evalue}`);
    }
    const shows = /\bshow\s*\(/.test(source) && !hasTag(cell, "no-picture") &&
      !hasTag(cell, "not-run");
    if (shows && !outputs.some(isShown)) problems.push(`${at}: holds no picture and no table`);
    for (const output of outputs) {
      const text = `${readable(output)}\n${decodedPictures(output)}`;
      if (text.includes(root)) problems.push(`${at}: its output holds the path of this checkout`);
      for (const [pattern, what] of PRIVATE) {
        const match = pattern.exec(text);
        if (match !== null) problems.push(`${at}: its output holds ${what}, ${match[0]}`);
      }
    }
  }
  return problems;
}

async function typeProblems(path: string, notebook: Notebook): Promise<string[]> {
  const { text, origin } = joinCode(notebook);
  const file = `${dirname(path)}/${basename(path, ".ipynb")}.__check__.ts`;
  await Deno.writeTextFile(file, text);
  try {
    const { code, output } = await runDeno(["check", "--quiet", file]);
    if (code === 0) return [];
    return output.trim()
      .replaceAll(/file:\S*\.__check__\.ts:(\d+):(\d+)/g, (_, line) => origin(Number(line)))
      .split("\n").filter((line) => !/^(Stack backtrace:|\s+\d+: <unknown>)/.test(line));
  } finally {
    await Deno.remove(file);
  }
}

async function main(args: readonly string[]): Promise<number> {
  const paths = args.length > 0 ? args : await notebookFiles(`${root}/notebooks`);
  let failed = 0;
  for (const path of paths) {
    const notebook: Notebook = JSON.parse(await Deno.readTextFile(path));
    const problems = [
      ...findOutputProblems(notebook),
      ...await typeProblems(await Deno.realPath(path), notebook),
    ];
    if (problems.length > 0) failed++;
    for (const problem of problems) console.error(`${path.replace(`${root}/`, "")} ${problem}`);
  }
  if (failed === 0) console.log(`Checked ${paths.length} notebooks`);
  return failed === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
