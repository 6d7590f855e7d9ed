/** How long a test waits for what must come, ms. */
export const PATIENCE_MS = 20_000;

/** A JSON value as it came. */
// deno-lint-ignore no-explicit-any -- tests read any shape
export type Json = any;

/** A WebSocket client that keeps every frame. */
export class TestSocket implements AsyncDisposable {
  /** The frames so far, parsed. */
  readonly frames: Json[] = [];
  /** The frames so far, as they came. */
  readonly texts: string[] = [];
  /** Fulfilled with the close code and reason. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  readonly #socket: WebSocket;
  readonly #waiting = new Set<() => void>();
  #nextId = 1;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.closed = new Promise((resolve) =>
      socket.onclose = ({ code, reason }) => resolve({ code, reason })
    );
    socket.onmessage = ({ data }) => {
      this.texts.push(data);
      this.frames.push(JSON.parse(data));
      for (const check of this.#waiting) check();
    };
  }

  /** Opens a socket. */
  static open(url: string): Promise<TestSocket> {
    const socket = new WebSocket(url);
    const client = new TestSocket(socket);
    return new Promise((resolve, reject) => {
      socket.onopen = () => resolve(client);
      socket.onerror = () => reject(new Error(`Cannot open ${url}`));
    });
  }

  /** Sends a message, JSON unless it is text. */
  send(message: unknown): void {
    this.#socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** Sends a control message and returns its reply. */
  async ask(method: string, params?: unknown): Promise<Json> {
    const id = this.#nextId++;
    this.send({ method, ...(params === undefined ? {} : { params }), id });
    const isReply = (frame: Json) => frame.id === id;
    await this.until(() => this.frames.some(isReply), `a reply to ${method}`);
    return this.frames.find(isReply);
  }

  /** The payloads of a stream on a combined socket. */
  payloads(stream: string): Json[] {
    return this.frames.filter((frame) => frame.stream === stream).map((frame) => frame.data);
  }

  /** Waits until a condition holds, which is looked at after every frame. */
  until(condition: () => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = () => {
        if (!condition()) return;
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        reject(new Error(`No ${what} within ${PATIENCE_MS} ms`));
      }, PATIENCE_MS);
      this.#waiting.add(check);
      check();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await this.closed;
  }
}

/** Asks for a combined stream of `/public` over bare TCP; nothing is read unless the test does. */
export async function openUnread(
  { hostname, port }: { readonly hostname: string; readonly port: number },
  stream: string,
): Promise<Deno.TcpConn> {
  const client = await Deno.connect({ hostname, port });
  const request = [
    `GET /public/stream?streams=${stream} HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  ];
  await client.write(new TextEncoder().encode(`${request.join("\r\n")}\r\n\r\n`));
  return client;
}

/** Waits until a number stays the same over many looks, and returns it. */
export async function standstill(value: () => number, what: string): Promise<number> {
  let [seen, looks] = [NaN, 0];
  await eventually(() => {
    looks = value() === seen ? looks + 1 : 0;
    seen = value();
    return looks === 30;
  }, what);
  return seen;
}

/** Waits until a condition holds that no frame announces. */
export async function eventually(condition: () => boolean, what: string): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  while (!condition()) {
    if (performance.now() > giveUpAt) throw new Error(`No ${what} within ${PATIENCE_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
