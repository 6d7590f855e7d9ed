import { StoreError } from "../store_error.ts";
import type { BuiltDay, DayKey } from "./build_day.ts";
import type { BuildAnswer, BuildRequest } from "./build_worker.ts";

/** Builds files of closed days, one at a time, in a thread that lives as long as it is needed. */
export class DayBuilder implements Disposable {
  readonly #database: string;
  readonly #store: string;
  #worker: Worker | undefined;

  /** @param store The mark of the database. */
  constructor(database: string, store: string) {
    this.#database = database;
    this.#store = store;
  }

  /**
   * Builds the file of a day.
   *
   * @returns What was built; `null` when there was nothing to build, or the signal came first.
   * @throws {StoreError} If it cannot; the trades are where they were.
   */
  build(day: DayKey, signal: AbortSignal): Promise<BuiltDay | null> {
    const worker = this.#worker ??= new Worker(new URL("./build_worker.ts", import.meta.url), {
      type: "module",
    });
    const request: BuildRequest = { database: this.#database, store: this.#store, day };
    const built = new Promise<BuiltDay | null>((resolve, reject) => {
      const fail = (code: StoreError["code"], message: string) =>
        reject(new StoreError(code, this.#database, message));
      worker.onmessage = ({ data }: MessageEvent<BuildAnswer>) => {
        if (data.kind === "built") return resolve(data.day);
        fail(
          data.code ?? "unreachable",
          data.code !== null
            ? data.message
            : `Cannot move trades of ${day.symbol} out of "${this.#database}": ${data.message}`,
        );
      };
      worker.onerror = (event) => {
        event.preventDefault();
        this[Symbol.dispose]();
        fail("unreachable", `Cannot move closed days out of "${this.#database}": ${event.message}`);
      };
      worker.postMessage(request);
    });
    return untilAborted(built, signal);
  }

  [Symbol.dispose](): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }
}

/** What is under way when the signal comes is given up; a part of a file is overwritten next time. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
  const aborted = Promise.withResolvers<null>();
  const onAbort = () => aborted.resolve(null);
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  return Promise.race([work, aborted.promise])
    .finally(() => signal.removeEventListener("abort", onAbort));
}
