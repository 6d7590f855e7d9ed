/**
 * The program that is soaked, started as a user would.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { root } from "../support/process.ts";
import { TextLineStream } from "../support/lines.ts";

/** How much of what it logs is kept. */
const LOG_LINES = 200;

/** `deno task NAME` with some arguments, in the background. */
export class Program implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #lines: string[] = [];
  readonly #read: Promise<void>;
  #hasEnded = false;

  /** Starts it. */
  constructor(name: string, args: readonly string[]) {
    this.#process = new Deno.Command(Deno.execPath(), {
      args: ["task", "--quiet", name, ...args],
      cwd: root,
      env: { NO_COLOR: "1" },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    this.#read = this.#readLog();
    this.#process.status.then(() => this.#hasEnded = true);
  }

  /** The end of what it has logged. */
  get log(): string {
    return this.#lines.join("\n");
  }

  /** Tries something until it does not fail; fails itself when the program ends, or in the end. */
  async until<T>(attempt: () => Promise<T>, patienceMs: number): Promise<T> {
    const untilMs = performance.now() + patienceMs;
    while (true) {
      try {
        return await attempt();
      } catch (error) {
        if (this.#hasEnded) throw new Error(`The program has ended:\n${this.log}`);
        if (performance.now() > untilMs) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  }

  /** Ends it; gives its exit code. */
  async stop(): Promise<number> {
    if (!this.#hasEnded) this.#process.kill("SIGTERM");
    await this.#read;
    return (await this.#process.status).code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #readLog(): Promise<void> {
    const lines = this.#process.stderr.pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream());
    for await (const line of lines) {
      this.#lines.push(line);
      if (this.#lines.length > LOG_LINES) this.#lines.shift();
    }
  }
}

/** How many symbols are not yet stored up to an id, or have an open gap. */
export function missingSymbols(
  database: string,
  lastIds: Readonly<Record<string, number>>,
): number {
  using db = new DatabaseSync(database, { readOnly: true, timeout: 5_000 });
  const has = db.prepare("SELECT 1 FROM v_trades WHERE symbol = ? AND trade_id >= ? LIMIT 1");
  const open = db.prepare(
    "SELECT 1 FROM v_gaps WHERE symbol = ? AND state = 'open' AND first_missing_id <= ? LIMIT 1",
  );
  return Object.entries(lastIds).filter(([symbol, id]) =>
    has.get(symbol, id) === undefined || open.get(symbol, id) !== undefined
  ).length;
}
