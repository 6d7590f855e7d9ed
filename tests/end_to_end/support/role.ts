/** A program in a process of its own, without the launcher, that is killed and started again. */
import { readCommandLine } from "../../../lib/apps/command_line.ts";
import { permissionFlags } from "../../../lib/apps/permissions.ts";
import { withServer } from "../../../lib/apps/store_access.ts";
import { PROGRAMS } from "../../../lib/apps/programs.ts";
import { commandAt, HERE, type Place } from "../../support/place.ts";
import { until } from "../../support/programs.ts";

const project = decodeURIComponent(new URL("../../..", import.meta.url).pathname).replace(
  /\/$/,
  "",
);
const folder = { project, working: project };

/** One run of the program, from its start to its end. */
interface Life {
  readonly process: Deno.ChildProcess;
  readonly said: Promise<unknown>;
  /** Whether its end was asked for. */
  isEnding: boolean;
}

/** What a program may end with by itself: it started when there was no log. */
const EXCUSES = /^Cannot (use the bus|make the log|reach|write "postgres:)/m;
/** A supervisor starts again so soon, ms. */
const AGAIN_MS = 200;

/** A role that is alive or not; as under a supervisor, it is started again when it ends by itself. */
export class Role {
  readonly #command: Deno.Command;
  #life: Life | null = null;
  #isWanted = false;
  /** What all its lives have logged. */
  log = "";
  /** Ends that nobody asked for and nothing excuses. */
  readonly faults: string[] = [];

  /** @param place Where it runs, with its arguments; those alone run it here. */
  constructor(readonly name: string, ...[first = HERE, ...more]: [(Place | string)?, ...string[]]) {
    const program = PROGRAMS.get(name)!;
    const [place, args] = typeof first === "string" ? [HERE, [first, ...more]] : [first, more];
    const reading = readCommandLine(program, args, folder);
    if (reading.kind !== "run") throw new Error(reading.err);
    const { options } = reading;
    this.#command = commandAt(place, Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--no-check"],
        ...permissionFlags(
          program.name,
          withServer(program.permissions(options, folder), options, folder),
          folder,
        ),
        ...[`${project}/lib/apps/run.ts`, name, JSON.stringify({ options, verbose: true })],
      ],
      ...{ cwd: project, env: { DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" } },
      // It ends when its standard input does: the pipe is held here.
      ...{ stdin: "piped", stdout: "null", stderr: "piped" },
    });
  }

  /** Its process; 0 while it does not run. */
  get pid(): number {
    return this.#life?.process.pid ?? 0;
  }

  /** Starts it, unless it runs. */
  start(): void {
    this.#isWanted = true;
    if (this.#life !== null) return;
    const process = this.#command.spawn();
    this.log += `--- process ${process.pid}\n`;
    const life = { process, said: this.#listen(process.stderr), isEnding: false };
    this.#life = life;
    this.#supervise(life);
  }

  /** What it has logged since its start, or since it was marked. */
  get newest(): string {
    return this.log.split("--- process ").at(-1)!;
  }

  /** What it has said so far is not the newest any more. */
  mark(): void {
    this.log += `--- process ${this.pid}, marked\n`;
  }

  /** Waits until it says that it works. */
  async untilReady(patienceMs: number): Promise<void> {
    await until(() => /, process \d+/.test(this.newest), patienceMs);
  }

  /** Ends it as a loss of power would. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Asks it to end. @returns Its exit code; 0 when it did not run. */
  async stop(): Promise<number> {
    return await this.#end("SIGTERM");
  }

  async #end(signal: Deno.Signal): Promise<number> {
    this.#isWanted = false;
    const life = this.#life;
    if (life === null) return 0;
    this.#life = null;
    life.isEnding = true;
    try {
      life.process.kill(signal);
    } catch {
      // It has ended by itself; its code tells how.
    }
    return await this.#ended(life);
  }

  async #supervise(life: Life): Promise<void> {
    await life.process.status;
    if (life.isEnding) return;
    this.#life = null;
    const code = await this.#ended(life);
    const { newest } = this;
    if (!EXCUSES.test(newest)) this.faults.push(`ended by itself with ${code}: ${newest}`);
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    if (this.#isWanted) this.start();
  }

  async #ended({ process, said }: Life): Promise<number> {
    const { code } = await process.status;
    await said;
    await process.stdin.abort().catch(() => {});
    this.log += `--- ended with ${code}\n`;
    return code;
  }

  async #listen(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const bytes of stream) this.log += decoder.decode(bytes, { stream: true });
  }
}
