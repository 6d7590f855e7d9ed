import { connect } from "node:net";
import { findProgram } from "./find_program.ts";
import { commandAt, HERE, type Place } from "./place.ts";
import { until } from "./programs.ts";

/** Debian puts it where only root's path leads. */
const PLACES = ["/usr/sbin/nats-server", "/usr/bin/nats-server", "/usr/local/bin/nats-server"];

/** The system's nats-server: `NATS_SERVER_PATH`, else where it usually is, else `null`. */
export const natsServerPath: string | null = findProgram("NATS_SERVER_PATH", PLACES);

/** A real nats-server with JetStream, on a port and in a folder of its own. */
export class NatsServer implements AsyncDisposable {
  readonly #folder: string;
  readonly #port: number;
  readonly #place: Place;
  #process: Deno.ChildProcess;
  #isRunning = true;

  private constructor(folder: string, port: number, place: Place) {
    this.#folder = folder;
    this.#port = port;
    this.#place = place;
    this.#process = this.#spawn();
  }

  /** Starts one; resolves when it takes connections. */
  static async start(place: Place = HERE): Promise<NatsServer> {
    const server = new NatsServer(await Deno.makeTempDir(), freePort(), place);
    await server.#untilReady();
    return server;
  }

  /** Its process. */
  get pid(): number {
    return this.#process.pid;
  }

  /** Where it is reached. */
  get url(): string {
    return `nats://${this.#place.address}:${this.#port}`;
  }

  /** Ends it at once, as a loss of power would end the process. */
  async kill(): Promise<void> {
    if (!this.#isRunning) return;
    this.#isRunning = false;
    this.#process.kill("SIGKILL");
    await this.#process.status;
  }

  /** Halts it: it says nothing more, closes nothing, and goes on with `resume()`. */
  async halt(): Promise<void> {
    this.#process.kill("SIGSTOP");
    const tasks = `/proc/${this.pid}/task`;
    // Each of its threads answers until the signal reaches it.
    await until(() =>
      [...Deno.readDirSync(tasks)].every(({ name }) =>
        /^State:\tT/m.test(Deno.readTextFileSync(`${tasks}/${name}/status`))
      )
    );
  }

  /** Lets it go on. */
  resume(): void {
    this.#process.kill("SIGCONT");
  }

  /** Starts it again on the same port and folder. */
  async restart(): Promise<void> {
    this.#process = this.#spawn();
    this.#isRunning = true;
    await this.#untilReady();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await Deno.remove(this.#folder, { recursive: true });
  }

  #spawn(): Deno.ChildProcess {
    return commandAt(this.#place, natsServerPath!, {
      args: ["-a", this.#place.address, "-p", `${this.#port}`, "-js", "-sd", this.#folder],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
  }

  async #untilReady(): Promise<void> {
    await until(() => answers(this.#place.address, this.#port), 20_000);
  }
}

/**
 * Defines a test that needs a nats-server, or prints why it is skipped.
 *
 * @param name The test's name.
 * @param body The test; receives a server of its own.
 */
export function natsTest(
  name: string,
  body: (server: NatsServer, t: Deno.TestContext) => Promise<void>,
): void {
  if (natsServerPath === null) {
    // deno-lint-ignore no-console -- a skipped test says why
    console.log(
      `skipped: "${name}" needs nats-server; install Debian's package, or set NATS_SERVER_PATH`,
    );
  }
  Deno.test({
    name,
    ignore: natsServerPath === null,
    fn: async (t) => {
      await using server = await NatsServer.start();
      await body(server, t);
    },
  });
}

/** Whether something listens on a port and says what a nats-server says first. */
function answers(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, address);
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once(
      "data",
      (data: Uint8Array) => end(new TextDecoder().decode(data).startsWith("INFO")),
    );
    socket.once("error", () => end(false));
  });
}

/** A port nobody listens on: a server that is to come back on it must know it beforehand. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
