/**
 * Running other programs from a tool.
 *
 * @module
 */
import { TextLineStream } from "./lines.ts";

/** A program that ended. */
export interface Finished {
  /** Its exit code; 128 + n after signal n. */
  readonly code: number;
  /** Both of its outputs, in the order the lines came. */
  readonly output: string;
  /** How long it ran, in ms. */
  readonly durationMs: number;
}

/** How to run it. */
export interface RunOptions {
  /** The folder it starts in. @default {the current one} */
  readonly cwd?: string;
  /** Environment variables added to the current ones. */
  readonly env?: Readonly<Record<string, string>>;
  /** Called with every line of either output. */
  readonly onLine?: (line: string) => void;
}

/** The folder of the checkout, without a slash at its end. */
export const root: string = decodeURIComponent(new URL("../..", import.meta.url).pathname)
  .replace(/\/$/, "");

/**
 * Runs a program to its end, uncoloured, with nothing to read on its standard input.
 *
 * @param program Name or path of the program.
 * @param args Its arguments.
 * @param options Folder, environment, line callback.
 * @returns Its exit code and output; a program that cannot be started ends with code 127.
 */
export async function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  const start = performance.now();
  const lines: string[] = [];
  const keep = (line: string) => {
    lines.push(line);
    options.onLine?.(line);
  };
  let code = 127;
  try {
    const child = new Deno.Command(program, {
      args: [...args],
      cwd: options.cwd ?? root,
      env: { NO_COLOR: "1", ...options.env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const read = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
      const text = stream.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream());
      for await (const line of text) keep(line);
    };
    const [status] = await Promise.all([child.status, read(child.stdout), read(child.stderr)]);
    code = status.code;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    keep(`${program}: not found`);
  }
  return { code, output: lines.join("\n"), durationMs: performance.now() - start };
}

/**
 * Runs a subcommand of the Deno that runs this tool.
 *
 * @param args The subcommand and its arguments.
 * @param options Folder, environment, line callback.
 * @returns Its exit code and output.
 */
export function runDeno(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return run(Deno.execPath(), args, options);
}
