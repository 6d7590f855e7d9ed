/**
 * The plain Python stack of `origin_ingest.py`, where it can be had.
 *
 * @module
 */
import { run } from "../../tools/support/process.ts";
import { TextLineStream } from "../../tools/support/lines.ts";
import type { IngestRun, IngestRunResult } from "./ingest_run.ts";

/** Debian's own Python, which has Debian's packages. */
const PYTHON = "/usr/bin/python3";

/** Why there is no such stack here, or `null` if there is. */
export async function originProblem(): Promise<string | null> {
  const { code } = await run(PYTHON, ["-c", "import websockets, aiosqlite"]);
  return code === 0 ? null : "Debian's python3-websockets and python3-aiosqlite are not installed";
}

/** A process that ingests once: Python's, or ours as a program of its own. */
export class IngestProcess implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #lines: ReadableStreamDefaultReader<string>;

  private constructor(process: Deno.ChildProcess) {
    this.#process = process;
    this.#lines = process.stdout.pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream()).getReader();
  }

  /** Starts one and waits until it is ready. */
  static async start(kind: "origin" | "tandem", given: IngestRun): Promise<IngestProcess> {
    const { port, count, database, symbols } = given;
    const names = kind === "tandem"
      ? symbols
      : symbols.map((symbol) => `${symbol.toLowerCase()}@aggTrade`);
    const script = new URL(
      kind === "tandem" ? "ingest_run.ts" : "origin_ingest.py",
      import.meta.url,
    );
    const own = [script.pathname, String(port), String(count), database, names.join(",")];
    const [program, args] = kind === "tandem"
      ? [Deno.execPath(), ["run", "--quiet", "-A", ...own]]
      : [PYTHON, own];
    const process = new Deno.Command(program, {
      args,
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const started = new IngestProcess(process);
    await started.#line();
    return started;
  }

  /** Lets it begin; answers with what it took. */
  async ingest(): Promise<IngestRunResult> {
    const input = this.#process.stdin.getWriter();
    await input.write(new TextEncoder().encode("go\n"));
    await input.close();
    return JSON.parse(await this.#line());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.status;
    await this.#lines.cancel();
  }

  async #line(): Promise<string> {
    const { done, value } = await this.#lines.read();
    if (done) throw new Error("The process ended without an answer: see its message");
    return value;
  }
}
