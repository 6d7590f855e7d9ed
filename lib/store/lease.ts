import { leasedError } from "./leased_error.ts";
import { StoreError } from "./store_error.ts";

/** How often, and how far apart in ms, a taken lease is tried. */
const ATTEMPTS = 10;
const ATTEMPT_MS = 20;

/**
 * The right to write a database: a file lock that the system drops when its process dies, however
 * it dies. The text in the lock file tells a person who holds it.
 */
export class Lease implements Disposable {
  readonly #file: Deno.FsFile;

  /**
   * Takes the lease of a database.
   *
   * @throws {StoreError} With code `leased` if another process (or this one) holds it.
   */
  constructor(path: string, holder: string) {
    const lockPath = `${path}.lock`;
    let file: Deno.FsFile;
    try {
      file = Deno.openSync(lockPath, { create: true, read: true, write: true });
    } catch (error) {
      throw new StoreError(
        "unreachable",
        path,
        `Cannot write beside "${path}" as its folder is missing or read-only: check the path given with --db`,
        { cause: error },
      );
    }
    if (!lockSoon(file)) {
      file.close();
      throw leasedError(path, readHolder(lockPath));
    }
    file.truncateSync(0);
    file.writeSync(new TextEncoder().encode(holder));
    this.#file = file;
  }

  /** Gives the lease back. */
  [Symbol.dispose](): void {
    this.#file.truncateSync(0);
    this.#file.unlockSync();
    this.#file.close();
  }
}

/** `isLeased()` of another process holds a shared lock for an instant: that is no writer. */
function lockSoon(file: Deno.FsFile): boolean {
  const clock = new Int32Array(new SharedArrayBuffer(4));
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (file.tryLockSync(true)) return true;
    Atomics.wait(clock, 0, 0, ATTEMPT_MS);
  }
  return false;
}

function readHolder(lockPath: string): string | null {
  try {
    return Deno.readTextFileSync(lockPath).trim() || null;
  } catch {
    return null;
  }
}
