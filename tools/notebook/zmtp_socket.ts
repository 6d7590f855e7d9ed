/** The ZeroMQ socket types a Jupyter client uses. */
export type ZmtpSocketType = "SUB" | "DEALER";

const encoder = new TextEncoder();

const MORE = 1;
const LONG = 2;
const COMMAND = 4;

/** A frame of a message, or the body of a command. */
interface Frame {
  readonly flags: number;
  readonly body: Uint8Array;
}

function joinBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function encodeFrame(body: Uint8Array, flags: number): Uint8Array {
  if (body.length <= 255) return joinBytes([new Uint8Array([flags, body.length]), body]);
  const head = new Uint8Array(9);
  head[0] = flags | LONG;
  new DataView(head.buffer).setBigUint64(1, BigInt(body.length));
  return joinBytes([head, body]);
}

/** A length of one byte and a name, as commands carry them. */
function shortString(text: string): Uint8Array {
  const bytes = encoder.encode(text);
  return joinBytes([new Uint8Array([bytes.length]), bytes]);
}

function property(name: string, value: string): Uint8Array {
  const bytes = encoder.encode(value);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, bytes.length);
  return joinBytes([shortString(name), length, bytes]);
}

/** Signature, version 3.0, mechanism NULL, as a client (https://rfc.zeromq.org/spec/23/). */
function greeting(): Uint8Array {
  const bytes = new Uint8Array(64);
  bytes[0] = 0xff;
  bytes[9] = 0x7f;
  bytes[10] = 3;
  bytes.set(encoder.encode("NULL"), 12);
  return bytes;
}

/** One ZeroMQ connection over TCP: the ZMTP 3.0 protocol with its NULL security. */
export class ZmtpSocket implements Disposable {
  readonly #connection: Deno.TcpConn;
  #received: Uint8Array = new Uint8Array(0);
  #writing: Promise<void> = Promise.resolve();

  private constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
  }

  /**
   * Connects to a port of this machine.
   *
   * @param port Where the other side listens.
   * @param type What we are.
   * @returns The socket, after the handshake.
   */
  static async connect(port: number, type: ZmtpSocketType): Promise<ZmtpSocket> {
    const socket = new ZmtpSocket(await Deno.connect({ hostname: "127.0.0.1", port }));
    try {
      await socket.#handshake(type);
    } catch (error) {
      socket[Symbol.dispose]();
      throw error;
    }
    return socket;
  }

  async #handshake(type: ZmtpSocketType): Promise<void> {
    await this.#write(greeting());
    await this.#read(64);
    const properties = [property("Socket-Type", type)];
    if (type === "DEALER") properties.push(property("Identity", ""));
    await this.#write(encodeFrame(joinBytes([shortString("READY"), ...properties]), COMMAND));
    const { flags, body } = await this.#readFrame();
    const answer = new TextDecoder().decode(body.subarray(1, 6));
    if ((flags & COMMAND) === 0 || answer !== "READY") {
      throw new Error(`Cannot talk ZeroMQ as the answer must be READY: it is "${answer}"`);
    }
    if (type === "SUB") await this.send([new Uint8Array([1])]);
  }

  /**
   * Sends one message.
   *
   * @param frames Its frames, at least one.
   */
  send(frames: readonly Uint8Array[]): Promise<void> {
    const last = frames.length - 1;
    return this.#write(joinBytes(frames.map((body, i) => encodeFrame(body, i < last ? MORE : 0))));
  }

  /** Receives messages, each a list of frames, until either side closes. */
  async *[Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array[]> {
    let frames: Uint8Array[] = [];
    while (true) {
      let frame: Frame;
      try {
        frame = await this.#readFrame();
      } catch {
        return;
      }
      if ((frame.flags & COMMAND) !== 0) continue;
      frames.push(frame.body);
      if ((frame.flags & MORE) === 0) {
        yield frames;
        frames = [];
      }
    }
  }

  /** Closes the connection; a message that is being received is lost. */
  [Symbol.dispose](): void {
    this.#connection.close();
  }

  #write(bytes: Uint8Array): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      let rest = bytes;
      while (rest.length > 0) rest = rest.subarray(await this.#connection.write(rest));
    });
    return this.#writing;
  }

  async #readFrame(): Promise<Frame> {
    const flags = (await this.#read(1))[0]!;
    const isLong = (flags & LONG) !== 0;
    const size = await this.#read(isLong ? 8 : 1);
    const length = isLong
      ? Number(new DataView(size.buffer, size.byteOffset, 8).getBigUint64(0))
      : size[0]!;
    return { flags, body: await this.#read(length) };
  }

  async #read(length: number): Promise<Uint8Array> {
    const parts = [this.#received];
    let have = this.#received.length;
    while (have < length) {
      const buffer = new Uint8Array(65_536);
      const count = await this.#connection.read(buffer);
      if (count === null) throw new Error("The connection was closed");
      parts.push(buffer.subarray(0, count));
      have += count;
    }
    const all = parts.length === 1 ? parts[0]! : joinBytes(parts);
    this.#received = all.subarray(length);
    return all.slice(0, length);
  }
}
