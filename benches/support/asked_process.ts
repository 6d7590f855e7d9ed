import { TextLineStream } from "../../tools/support/lines.ts";

/** A program of ours in a process of its own that says a line when it is ready, and waits for one. */
export class AskedProcess<Said = unknown> implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #lines: ReadableStreamDefaultReader<string>;
  /** What it said when it was ready. */
  readonly said: Said;

  private constructor(
    process: Deno.ChildProcess,
    lines: ReadableStreamDefaultReader<string>,
    said: Said,
  ) {
    this.#process = process;
    this.#lines = lines;
    this.said = said;
  }

  /** Starts one and waits until it is ready. */
  static async start<Said = unknown>(
    script: string,
    args: readonly string[],
  ): Promise<AskedProcess<Said>> {
    const process = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-check", "-A", script, ...args],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const lines = process.stdout.pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream()).getReader();
    return new AskedProcess<Said>(process, lines, await lineOf(lines));
  }

  /** Lets it begin; gives its answer. */
  async ask<T>(): Promise<T> {
    const input = this.#process.stdin.getWriter();
    await input.write(new TextEncoder().encode("go\n"));
    await input.close();
    return await lineOf<T>(this.#lines);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#process.kill();
    } catch {
      // It has ended by itself.
    }
    await this.#process.status;
    await this.#lines.cancel();
  }
}

async function lineOf<T>(lines: ReadableStreamDefaultReader<string>): Promise<T> {
  const { done, value } = await lines.read();
  if (done) throw new Error("The process ended without an answer: see its message");
  return JSON.parse(value);
}
