import { setTimeout as wait } from "node:timers/promises";
import { writeConnectionFile } from "./connection_file.ts";
import {
  type Channel,
  decodeMessage,
  encodeRequest,
  type KernelMessage,
} from "./kernel_message.ts";
import { ZmtpSocket } from "./zmtp_socket.ts";

/** What running one piece of code came to. */
export interface Execution {
  /** `ok`, or `error` with the three fields after it. */
  readonly status: "ok" | "error";
  /** Class of the error. */
  readonly ename: string | null;
  /** Message of the error. */
  readonly evalue: string | null;
  /** How many cells had run, this one included. */
  readonly count: number | null;
  /** Everything that was shown while it ran, in order. */
  readonly outputs: readonly KernelMessage[];
}

/** How to start a kernel. */
export interface KernelOptions {
  /** The folder it runs in. */
  readonly cwd?: string;
  /** Environment variables added to ours. */
  readonly env?: Readonly<Record<string, string>>;
}

const FENCE = "tandem_fence";
const OUTPUT_TYPES = new Set([
  ...["stream", "display_data", "update_display_data", "execute_result", "error", "clear_output"],
]);

/**
 * A Deno kernel and a connection to it, without Python: the Jupyter protocol 5.3 over ZeroMQ.
 *
 * The kernel says that a cell has ended before all of its outputs have left. So after every cell a
 * silent one sends a marker through the same queue; when the marker is here, so is everything
 * before it.
 */
export class KernelClient implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #connectionFile: string;
  readonly #key: string;
  readonly #session = crypto.randomUUID();
  readonly #sockets = new Map<Channel, ZmtpSocket>();
  readonly #reading: Promise<void>[] = [];
  readonly #listeners = new Set<(message: KernelMessage) => void>();
  readonly #exit: Promise<Deno.CommandStatus>;
  #hasExited = false;
  #fences = 0;

  private constructor(process: Deno.ChildProcess, connectionFile: string, key: string) {
    this.#process = process;
    this.#connectionFile = connectionFile;
    this.#key = key;
    this.#exit = process.status.finally(() => {
      this.#hasExited = true;
    });
  }

  /**
   * Starts a kernel of the Deno that runs this and waits until it answers.
   *
   * @param options Where and how.
   * @returns The client.
   */
  static async start(options: KernelOptions = {}): Promise<KernelClient> {
    const key = crypto.randomUUID();
    const { path: connectionFile, ports } = await writeConnectionFile(key);
    const process = new Deno.Command(Deno.execPath(), {
      args: ["jupyter", "--kernel", "--conn", connectionFile],
      stdin: "null",
      stdout: "null",
      stderr: "null",
      ...options.cwd === undefined ? {} : { cwd: options.cwd },
      env: { NO_COLOR: "1", ...options.env },
    }).spawn();
    const client = new KernelClient(process, connectionFile, key);
    try {
      await client.#connect("iopub", ports.iopub, "SUB");
      await client.#connect("shell", ports.shell, "DEALER");
      await client.#connect("control", ports.control, "DEALER");
      await client.#request("shell", "kernel_info_request", {}, 30_000);
      // A subscription takes effect a moment after it was sent: try until a marker comes back.
      await client.#subscribed();
    } catch (error) {
      await client[Symbol.asyncDispose]();
      throw error;
    }
    return client;
  }

  /** The process id of the kernel. */
  get pid(): number {
    return this.#process.pid;
  }

  /** Whether the kernel process has ended. */
  get hasExited(): boolean {
    return this.#hasExited;
  }

  /**
   * Receives every message of the kernel.
   *
   * @param listener Is called with each.
   * @returns Ends it.
   */
  onMessage(listener: (message: KernelMessage) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Runs code as a cell and waits for its end and for all it has shown.
   *
   * @param code The cell.
   * @param timeoutMs How long it may take, in ms.
   * @returns What it came to.
   * @throws {Error} If the kernel ends, or the time is over.
   */
  async execute(code: string, timeoutMs = 120_000): Promise<Execution> {
    const outputs: KernelMessage[] = [];
    const stop = this.onMessage((message) => {
      if (message.channel === "iopub" && OUTPUT_TYPES.has(message.type)) outputs.push(message);
    });
    try {
      const { content } = await this.#run(code, false, timeoutMs);
      await this.#fence(timeoutMs);
      return {
        status: content.status === "ok" ? "ok" : "error",
        ename: content.ename ?? null,
        evalue: content.evalue ?? null,
        count: content.execution_count ?? null,
        outputs: [...outputs],
      };
    } finally {
      stop();
    }
  }

  /** Does what the stop button does. */
  interrupt(): void {
    this.#process.kill("SIGINT");
  }

  /** Asks the kernel to end, and makes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#sockets.has("control") && !this.#hasExited) {
      await this.#request("control", "shutdown_request", { restart: false }, 3_000).catch(() => {});
    }
    const kill = setTimeout(() => this.#process.kill("SIGKILL"), 3_000);
    await this.#exit;
    clearTimeout(kill);
    for (const socket of this.#sockets.values()) socket[Symbol.dispose]();
    await Promise.all(this.#reading);
    await Deno.remove(this.#connectionFile);
  }

  async #connect(channel: Channel, port: number, type: "SUB" | "DEALER"): Promise<void> {
    const deadline = performance.now() + 30_000;
    while (true) {
      try {
        this.#sockets.set(channel, await ZmtpSocket.connect(port, type));
        break;
      } catch (cause) {
        if (this.#hasExited || performance.now() > deadline) {
          throw new Error("Cannot reach the kernel as it did not start", { cause });
        }
        await wait(20);
      }
    }
    this.#reading.push(this.#read(channel, this.#sockets.get(channel)!));
  }

  async #read(channel: Channel, socket: ZmtpSocket): Promise<void> {
    for await (const frames of socket) {
      const message = decodeMessage(channel, frames);
      for (const listener of [...this.#listeners]) listener(message);
    }
  }

  async #await(
    wanted: (message: KernelMessage) => boolean,
    timeoutMs: number,
  ): Promise<KernelMessage> {
    const found = Promise.withResolvers<KernelMessage>();
    const stop = this.onMessage((message) => {
      if (wanted(message)) found.resolve(message);
    });
    const timer = setTimeout(
      () => found.reject(new Error(`The kernel did not answer within ${timeoutMs} ms`)),
      timeoutMs,
    );
    this.#exit.then((status) =>
      found.reject(new Error(`The kernel ended with code ${status.code} before it answered`))
    );
    try {
      return await found.promise;
    } finally {
      clearTimeout(timer);
      stop();
    }
  }

  async #request(
    channel: Channel,
    type: string,
    content: unknown,
    timeoutMs: number,
  ): Promise<KernelMessage> {
    const id = crypto.randomUUID();
    const isAnswer = (message: KernelMessage) =>
      message.channel === channel && message.requestId === id;
    const answer = this.#await(isAnswer, timeoutMs);
    answer.catch(() => {});
    const session = this.#session;
    const frames = encodeRequest({ id, session, type, content }, this.#key);
    await this.#sockets.get(channel)!.send(frames);
    return await answer;
  }

  #run(code: string, silent: boolean, timeoutMs: number): Promise<KernelMessage> {
    return this.#request("shell", "execute_request", {
      code,
      silent,
      store_history: !silent,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
    }, timeoutMs);
  }

  async #fence(timeoutMs: number): Promise<void> {
    const tag = `fence ${++this.#fences}`;
    const isFence = ({ type, content }: KernelMessage) => type === FENCE && content.tag === tag;
    const arrived = this.#await(isFence, timeoutMs);
    arrived.catch(() => {});
    await this.#run(
      `await Deno.jupyter.broadcast("${FENCE}", { tag: "${tag}" });`,
      true,
      timeoutMs,
    );
    await arrived;
  }

  async #subscribed(): Promise<void> {
    for (let attempt = 0; attempt < 100; attempt++) {
      const isHere = await this.#fence(100).then(() => true, () => false);
      if (isHere) return;
    }
    throw new Error("Cannot follow the kernel as its outputs do not arrive");
  }
}
