import { connect, createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

/** Passes connections on to a port of this machine, until it cuts them all. */
export class CutProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly port: number;

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  /** Starts one on a free port. */
  static start(target: number): Promise<CutProxy> {
    const started = Promise.withResolvers<CutProxy>();
    const server = createServer((inner) => proxy.#pass(inner, connect(target, "127.0.0.1")));
    let proxy: CutProxy;
    server.once("error", started.reject);
    server.listen(0, "127.0.0.1", () => started.resolve(proxy = new CutProxy(server)));
    return started.promise;
  }

  /** Cuts every connection, in both directions; new ones are passed on. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.cut();
    await closed;
  }

  #pass(inner: Socket, outer: Socket): void {
    for (const [from, to] of [[inner, outer], [outer, inner]] as const) {
      this.#sockets.add(from);
      from.on("data", (data) => {
        if (!to.write(data)) from.pause();
      });
      to.on("drain", () => from.resume());
      from.on("error", () => {});
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
  }
}
