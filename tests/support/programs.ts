import { setTimeout as wait } from "node:timers/promises";

const project = decodeURIComponent(new URL("../..", import.meta.url).pathname).replace(/\/$/, "");

/** A program started as a user would, by `deno task`. */
export class Running implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #done: Promise<unknown>;
  /** What it has printed so far. */
  out = "";
  /** What it has logged so far. */
  err = "";
  /** Its exit code, once it has ended. */
  readonly code: Promise<number>;
  #ended = false;

  constructor(process: Deno.ChildProcess) {
    this.#process = process;
    this.code = process.status.then((s) => {
      this.#ended = true;
      return s.code;
    });
    this.#done = Promise.all([
      collect(process.stdout, (text) => this.out += text),
      collect(process.stderr, (text) => this.err += text),
      this.code,
    ]);
  }

  /** Waits for a line on standard output that is JSON, and gives its value. */
  async json<T>(timeoutMs = 30_000): Promise<T> {
    await until(() => {
      if (this.#ended && !this.out.includes("\n")) {
        throw new Error(`The program ended without an answer: ${this.err}`);
      }
      return this.out.includes("\n");
    }, timeoutMs);
    return JSON.parse(this.out.slice(0, this.out.indexOf("\n")));
  }

  /** Sends a signal, waits for the end, gives the exit code. */
  async stop(signal: Deno.Signal = "SIGTERM"): Promise<number> {
    if (!this.#ended) this.#process.kill(signal);
    await this.#done;
    return await this.code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** Starts `deno task NAME ARGS…` in the project's folder. */
export function start(name: string, ...args: string[]): Running {
  return startIn({}, name, ...args);
}

/** The same with some environment variables set. */
export function startIn(
  env: Readonly<Record<string, string>>,
  name: string,
  ...args: string[]
): Running {
  return new Running(
    new Deno.Command(Deno.execPath(), {
      args: ["task", "--quiet", name, ...args],
      cwd: project,
      env: { NO_COLOR: "1", ...env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn(),
  );
}

/** Runs `deno task NAME ARGS…` to its end. */
export async function run(
  name: string,
  ...args: string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  return await runIn({}, name, ...args);
}

/** The same with some environment variables set. */
export async function runIn(
  env: Readonly<Record<string, string>>,
  name: string,
  ...args: string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const running = startIn(env, name, ...args);
  const code = await running.code;
  await running.stop();
  return { code, out: running.out, err: running.err };
}

/** Waits until something holds; fails when it does not within the time. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  timeoutMs = 30_000,
  everyMs = 25,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!await holds()) {
    if (performance.now() > deadline) {
      throw new Error(`Waited ${timeoutMs} ms in vain for ${holds}`);
    }
    await wait(everyMs);
  }
}

async function collect(
  stream: ReadableStream<Uint8Array>,
  take: (text: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  for await (const bytes of stream) take(decoder.decode(bytes, { stream: true }));
}
