/** What the thread of a wire is told. */
export type WireOrder = { readonly port: number } | { readonly cut: "before" | "after" } | {
  readonly swallows: boolean;
};

/**
 * A wire to a server that can be cut just when a client commits. It is in a thread of its own, as
 * the client's thread waits while it writes.
 */
export class Wire implements Disposable {
  readonly #worker: Worker;
  readonly port: number;
  readonly #cuts: Int32Array;

  private constructor(worker: Worker, port: number, cuts: Int32Array) {
    this.#worker = worker;
    this.port = port;
    this.#cuts = cuts;
  }

  /** Makes a wire to a port of this machine. */
  static async to(port: number): Promise<Wire> {
    const worker = new Worker(new URL("./wire_worker.ts", import.meta.url), { type: "module" });
    const cuts = new Int32Array(new SharedArrayBuffer(4));
    const own = await new Promise<number>((resolve) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.postMessage({ port, cuts: cuts.buffer });
    });
    return new Wire(worker, own, cuts);
  }

  /** How often it was cut. */
  get cuts(): number {
    return Atomics.load(this.#cuts, 0);
  }

  /** With the next commit the connection is lost, after it has reached the server or before. */
  cutAtCommit(reaches: boolean): void {
    this.#worker.postMessage({ cut: reaches ? "after" : "before" });
  }

  /** Lets nothing through, nor says that it does not; or does again. */
  swallow(swallows: boolean): void {
    this.#worker.postMessage({ swallows });
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }
}
