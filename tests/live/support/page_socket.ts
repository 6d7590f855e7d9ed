import type { ClientMessage, ServerMessage } from "../../../lib/live/mod.ts";

const DEADLINE_MS = 10_000;

/** A page's side of the WebSocket, for tests. */
export class PageSocket implements AsyncDisposable {
  /** Everything the hub said so far. */
  readonly messages: ServerMessage[] = [];
  readonly #socket: WebSocket;
  readonly #closed: Promise<void>;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.#closed = new Promise((resolve) => socket.onclose = () => resolve());
    socket.onmessage = ({ data }) => {
      this.messages.push(JSON.parse(data));
    };
  }

  /** Opens a socket to a hub. */
  static async open(url: string): Promise<PageSocket> {
    const socket = new WebSocket(new URL("ws", url.replace("http", "ws")));
    const page = new PageSocket(socket);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
    });
    return page;
  }

  /** Says something to the hub. */
  send(message: ClientMessage | string): void {
    this.#socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** Waits for a message of a kind, from a place in `messages` on. */
  async next<Op extends ServerMessage["op"]>(
    op: Op,
    from = 0,
  ): Promise<Extract<ServerMessage, { op: Op }>> {
    type Found = Extract<ServerMessage, { op: Op }>;
    const find = () =>
      this.messages.slice(from).find((message): message is Found => message.op === op);
    await until(() => find() !== undefined, `the hub says "${op}"`);
    return find()!;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await this.#closed;
  }
}

/** Waits until something holds. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`Waited in vain until ${what}`);
    await tick();
  }
}

function tick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
