import { receiveMessageOnPort } from "node:worker_threads";
import { type Channel, type Reply, type Request, toError } from "./wire.ts";

/** A question to a thread. */
export interface Call {
  /** Resolves when the answer is there; never rejects. */
  readonly settled: Promise<void>;
  /** Sleeps until it is there. */
  sleep(): void;
  /** Gives it, or throws what the thread threw; sleeps until it is there. */
  wait(): unknown;
}

/**
 * Asks a thread, which does one thing after the other. An answer can be awaited, and it can be
 * waited for: then this thread sleeps until it is there.
 */
export class Caller implements Disposable {
  readonly #worker: Worker;
  readonly #replies: MessagePort;
  readonly #count = new Int32Array(new SharedArrayBuffer(4));
  readonly #onEnd: (reason: string) => Error;
  readonly #open = new Map<number, (answer: () => unknown) => void>();
  #ended: Error | null = null;
  #nextId = 0;

  /**
   * Starts a thread.
   *
   * @param module What it runs; it gets a `Channel` first, then a `Request` at a time.
   * @param onEnd Makes of the reason of its unexpected end what every call is answered with then.
   */
  constructor(module: URL, onEnd: (reason: string) => Error) {
    this.#onEnd = onEnd;
    this.#worker = new Worker(module, { type: "module" });
    const { port1, port2 } = new MessageChannel();
    this.#replies = port1;
    this.#worker.onmessage = () => this.#take();
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#end(event.message);
    };
    const channel: Channel = { replies: port2, count: this.#count };
    this.#worker.postMessage(channel, [port2]);
  }

  /** Asks something. */
  begin(part: Request["part"], method: string, args: readonly unknown[]): Call {
    const id = this.#nextId++;
    const { promise: settled, resolve } = Promise.withResolvers<void>();
    let answer: (() => unknown) | null = null;
    this.#open.set(id, (given) => {
      answer = given;
      resolve();
    });
    if (this.#ended !== null) this.#end(this.#ended.message);
    else this.#worker.postMessage({ id, part, method, args } satisfies Request);
    const sleep = () => this.#sleepUntil(() => answer !== null);
    const wait = () => {
      sleep();
      return answer!();
    };
    return { settled, sleep, wait };
  }

  /** Asks something and sleeps until it is answered. */
  ask(part: Request["part"], method: string, args: readonly unknown[]): unknown {
    return this.begin(part, method, args).wait();
  }

  /** Whether the thread has ended by itself: nothing is answered any more. */
  get hasEnded(): boolean {
    return this.#ended !== null;
  }

  /** Ends the thread, whatever it is doing. */
  [Symbol.dispose](): void {
    this.#worker.terminate();
    this.#replies.close();
  }

  #sleepUntil(isDone: () => boolean): void {
    while (!isDone()) {
      const count = Atomics.load(this.#count, 0);
      this.#take();
      if (!isDone()) Atomics.wait(this.#count, 0, count);
    }
  }

  /** Takes the replies that are there. */
  #take(): void {
    while (true) {
      const reply: Reply | undefined = receiveMessageOnPort(this.#replies as never)?.message;
      if (reply === undefined) return;
      const { id, value, failure } = reply;
      const give = () => {
        if (failure !== null) throw toError(failure);
        return value;
      };
      if (id === null) this.#end(toError(failure!).message);
      else this.#settle(id, give);
    }
  }

  #settle(id: number, answer: () => unknown): void {
    this.#open.get(id)?.(answer);
    this.#open.delete(id);
  }

  #end(reason: string): void {
    const error = this.#ended ??= this.#onEnd(reason);
    for (const id of this.#open.keys()) {
      this.#settle(id, () => {
        throw error;
      });
    }
  }
}
