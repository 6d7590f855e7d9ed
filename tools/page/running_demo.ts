import { usageOf } from "../soak/child.ts";
import { TextLineStream } from "../support/lines.ts";
import { root } from "../support/process.ts";

/** How long a demo takes to end when it is asked to, ms; then it is killed. */
const END_MS = 10_000;

/** `deno task demo` as a user starts it, on a free port; what it stored is removed in the end. */
export class RunningDemo implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #port: number;
  /** Where the live view is, with the first pair in its query. */
  readonly url: string;

  private constructor(process: Deno.ChildProcess, port: number, url: string) {
    this.#process = process;
    this.#port = port;
    this.url = url;
  }

  /** Starts it and waits until it serves. */
  static async start(options: readonly string[]): Promise<RunningDemo> {
    const port = freePort();
    const process = new Deno.Command(Deno.execPath(), {
      args: ["task", "--quiet", "demo", "--port", String(port), ...options],
      ...{ cwd: root, env: { NO_COLOR: "1" }, stdout: "piped", stderr: "inherit" },
    }).spawn();
    const lines = process.stdout.pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream());
    const url = Promise.withResolvers<string>();
    (async () => {
      for await (const line of lines) {
        const found = /https?:\/\/\S+/.exec(line)?.[0];
        if (found !== undefined) url.resolve(found);
      }
      url.reject(new Error("The demo has ended: see its message"));
    })();
    return new RunningDemo(process, port, await url.promise);
  }

  /** The process id of one of its programs, for example `serve`. */
  pidOf(program: string): number {
    const pid = descendants(this.#process.pid).find((pid) => {
      const words = Deno.readTextFileSync(`/proc/${pid}/cmdline`).split("\0");
      return words.some((word, k) => word.endsWith("apps/run.ts") && words[k + 1] === program);
    });
    if (pid === undefined) throw new Error(`The demo runs no program "${program}"`);
    return pid;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (usageOf(this.#process.pid) !== null) this.#process.kill("SIGTERM");
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), END_MS);
    await this.#process.status;
    clearTimeout(timer);
    for (const end of ["", "-wal", "-shm", ".lock", ".control.json"]) {
      await Deno.remove(`${root}/data/demo-${this.#port}.db${end}`).catch(() => {});
    }
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** The processes that a process has started, and those that they have, as Linux tells. */
function descendants(pid: number): number[] {
  const children = Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`);
  return children.split(" ").filter(Boolean).map(Number)
    .flatMap((child) => [child, ...descendants(child)]);
}
