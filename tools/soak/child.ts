/**
 * A process of a soak: lines of JSON come, lines go, and the kernel says what it uses.
 *
 * @module
 */
import { root } from "../support/process.ts";
import { TextLineStream } from "../support/lines.ts";

/** A tool of this folder that runs as a process of its own. */
export class Child implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: ReadableStreamDefaultReader<string>;

  /** Starts `tools/soak/NAME.ts` with some arguments. */
  constructor(name: string, args: readonly string[]) {
    this.#process = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "-A", `tools/soak/${name}.ts`, ...args],
      cwd: root,
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#input = this.#process.stdin.getWriter();
    this.#lines = this.#process.stdout.pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream()).getReader();
  }

  /** Its process id. */
  get pid(): number {
    return this.#process.pid;
  }

  /** The next line of its output, parsed. */
  async answer<T>(): Promise<T> {
    const { done, value } = await this.#lines.read();
    if (done) throw new Error("A process of the soak ended without an answer: see its message");
    return JSON.parse(value);
  }

  /** Sends a line and waits for the one that answers. */
  async ask<T>(line: string): Promise<T> {
    await this.#input.write(new TextEncoder().encode(`${line}\n`));
    return await this.answer<T>();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close().catch(() => {});
    await this.#process.status;
    await this.#lines.cancel();
  }
}

/** What a process has used. */
export interface Usage {
  /** Memory now, bytes. */
  readonly rssBytes: number;
  /** Processor time since it began, s. */
  readonly cpuSeconds: number;
}

/** Clock ticks per second of `/proc/PID/stat`: 100 on every Linux that Deno runs on. */
const TICKS_PER_SECOND = 100;

/** What the kernel says that a process has used; `null` when it is gone. */
export function usageOf(pid: number): Usage | null {
  try {
    const status = Deno.readTextFileSync(`/proc/${pid}/status`);
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`).split(") ").at(-1)!.split(" ");
    return {
      rssBytes: 1_024 * Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]),
      cpuSeconds: (Number(stat[11]) + Number(stat[12])) / TICKS_PER_SECOND,
    };
  } catch {
    return null;
  }
}
