import { setTimeout as wait } from "node:timers/promises";
import { type Place, type Program, ProgramError } from "../program.ts";
import { spawnProgram } from "../spawn.ts";

/** How long a part may take to be ready, in ms. */
const READY_MS = 60_000;
/** How long a part may take to end after it was asked to, in ms. */
const END_MS = 5_000;

/** A program started as part of another. */
export interface Part {
  /** The first line it prints. @throws {ProgramError} If it ends without one. */
  firstLine(): Promise<string>;
}

/** Programs that run together: when one ends, all do. */
export class Parts implements AsyncDisposable {
  readonly #place: Place;
  readonly #signal: AbortSignal;
  readonly #running: { readonly name: string; readonly process: Deno.ChildProcess }[] = [];
  readonly #ended = Promise.withResolvers<string>();

  constructor(place: Place, signal: AbortSignal) {
    this.#place = place;
    this.#signal = signal;
  }

  /** Starts a program with the permissions its options need. */
  start<Options>(program: Program<Options>, options: Options): Part {
    const { process } = spawnProgram(
      program as Program<unknown>,
      { options, verbose: false },
      this.#place,
      "piped",
    );
    this.#running.push({ name: program.name, process });
    process.status.then(() => this.#ended.resolve(program.name));
    const lines = readLines(process.stdout);
    return {
      firstLine: async () => {
        const line = await Promise.race([lines, this.#failure(READY_MS)]);
        if (line === null) throw new ProgramError(`The part "${program.name}" of the demo failed`);
        return line;
      },
    };
  }

  /** Waits until something holds. @throws {ProgramError} If a part ends before, or time is up. */
  async until(holds: () => boolean): Promise<void> {
    const failure = this.#failure(READY_MS);
    while (!holds()) await Promise.race([wait(50), failure]);
  }

  /** Waits until the signal is aborted. @throws {ProgramError} If a part ends before. */
  async untilOneEnds(): Promise<void> {
    const stopped = Promise.withResolvers<null>();
    this.#signal.addEventListener("abort", () => stopped.resolve(null), { once: true });
    if (this.#signal.aborted) return;
    const name = await Promise.race([this.#ended.promise, stopped.promise]);
    if (name !== null && !this.#signal.aborted) {
      throw new ProgramError(`The part "${name}" of the demo has ended: see its message above`);
    }
  }

  /** Ends every part, the last started first. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const { process } of this.#running.toReversed()) {
      try {
        process.kill("SIGTERM");
      } catch {
        // It has ended already.
      }
      const ended = await Promise.race([process.status, wait(END_MS, null, { ref: false })]);
      if (ended === null) process.kill("SIGKILL");
    }
  }

  async #failure(ms: number): Promise<never> {
    const name = await Promise.race([this.#ended.promise, wait(ms, null, { ref: false })]);
    throw new ProgramError(
      name === null
        ? `The demo is not ready after ${ms / 1_000} s: see the messages above`
        : `The part "${name}" of the demo has ended: see its message above`,
    );
  }
}

/** Reads a stream to its end, so that its writer never waits; gives its first line, or `null`. */
function readLines(stream: ReadableStream<Uint8Array>): Promise<string | null> {
  const first = Promise.withResolvers<string | null>();
  (async () => {
    const decoder = new TextDecoder();
    let text = "";
    for await (const chunk of stream) {
      text += decoder.decode(chunk, { stream: true });
      const end = text.indexOf("\n");
      if (end >= 0) first.resolve(text.slice(0, end));
      if (end >= 0) text = text.slice(0, end + 1);
    }
    first.resolve(null);
  })();
  return first.promise;
}
