import type { ExchangeFaults, FaultyLine } from "./faults.ts";

/** Who serves one client. */
export interface VenueClient {
  /** Takes a text of the client. */
  receive(text: string): void;
  /** The socket is open. */
  opened(): void;
  /** The socket is closed: nothing may be left running. */
  closed(): void;
}

/** A client's socket; every frame to it passes the faults. */
export class FaultySocket {
  readonly #socket: WebSocket;
  readonly #faults: ExchangeFaults;
  readonly #line: FaultyLine | undefined;

  /** Takes a socket over. */
  constructor(socket: WebSocket, faults: ExchangeFaults) {
    this.#socket = socket;
    this.#faults = faults;
    this.#line = faults.connect?.({
      send: (text) => this.#put(text),
      close: (code, reason) => this.close(code, reason),
    });
    socket.addEventListener("close", () => this.#line?.closed());
  }

  /** Lets a client be served until either side closes the socket. */
  serve(client: VenueClient): void {
    const socket = this.#socket;
    socket.addEventListener("open", () => client.opened());
    socket.addEventListener("message", ({ data }) => client.receive(String(data)));
    socket.addEventListener("close", () => client.closed());
  }

  /** Sends the frame of a stream, or an answer where `stream` is `null`. */
  send(stream: string | null, text: string): void {
    const sent = this.#faults.frame === undefined ? text : this.#faults.frame({ stream, text });
    if (sent === null) return;
    if (this.#line === undefined) this.#put(sent);
    else this.#line.send({ stream, text: sent });
  }

  /** Closes the socket; what waits is sent first. */
  close(code: number, reason: string): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.close(code, reason);
  }

  /** Fulfilled when the socket is closed on both sides. */
  closed(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return Promise.resolve();
    return new Promise((resolve) => this.#socket.addEventListener("close", () => resolve()));
  }

  #put(text: string): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(text);
  }
}
