import { basename } from "node:path";
import { besideDatabase } from "../../store/mod.ts";
import { ProgramError } from "../program.ts";
import { storeFolder } from "../store_access.ts";

/** How often, and how far apart in ms, a name is tried that an ending store may still have. */
const ATTEMPTS = 10;
const ATTEMPT_MS = 20;

/** The name of a store on this machine, which no other has meanwhile. */
export interface StoreName extends Disposable {
  /** The file that tells where it can be reached. */
  readonly controlFile: string;
}

/** The files that tell where the stores of a database, on this machine, can be reached, by name. */
export async function storeControlFiles(database: string): Promise<Map<string, string>> {
  const [folder, prefix] = [storeFolder(database), `${basename(besideDatabase(database))}.store.`];
  const files = new Map<string, string>();
  try {
    for await (const { name } of Deno.readDir(folder)) {
      if (!name.startsWith(prefix) || !name.endsWith(SUFFIX)) continue;
      files.set(name.slice(prefix.length, -SUFFIX.length), `${folder}/${name}`);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return new Map([...files].sort());
}

const SUFFIX = ".control.json";

/** Whether a store of this name runs on this machine. */
export function isNameTaken(database: string, name: string): boolean {
  try {
    using file = Deno.openSync(lockFile(database, name), { read: true });
    return !file.tryLockSync(false);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function lockFile(database: string, name: string): string {
  return `${besideDatabase(database)}.store.${name}.lock`;
}

/**
 * Takes the name of a store, for as long as its process lives.
 *
 * @throws {ProgramError} If another store of this database on this machine has it.
 */
export function takeName(database: string, name: string): StoreName {
  const file = Deno.openSync(lockFile(database, name), { create: true, read: true, write: true });
  const clock = new Int32Array(new SharedArrayBuffer(4));
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (file.tryLockSync(true)) {
      const controlFile = `${besideDatabase(database)}.store.${name}${SUFFIX}`;
      return { controlFile, [Symbol.dispose]: () => file.close() };
    }
    Atomics.wait(clock, 0, 0, ATTEMPT_MS);
  }
  file.close();
  throw new ProgramError(
    `Cannot start a store "${name}" of ${database} as there is one on this machine: give this one a name of its own with --name`,
  );
}
