import {
  isLeased,
  isPostgres,
  openWriterThread,
  StoreError,
  type StoreWriter,
  type WriterOptions,
} from "../../store/mod.ts";
import { sleep } from "../../streams/mod.ts";

/** How often it is looked whether a database is free, ms: a file, which costs nothing … */
const LOOK_MS = 100;
/** … and one on a server. */
const LOOK_AT_SERVER_MS = 500;

/** How to wait for a database. */
export interface Waiting {
  /** Whether to wait also for a server that cannot be reached. */
  readonly isPatient: boolean;
  /** Called with why it cannot be written now, in a sentence. */
  readonly onWait: (reason: string) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * Opens a database for writing, as soon as nobody writes it who does not share it.
 *
 * @returns The writer, or `null` if the signal comes first.
 * @throws {StoreError} If it cannot be used.
 */
export async function openWhenFree(
  database: string,
  options: WriterOptions,
  { isPatient, onWait, signal }: Waiting,
): Promise<StoreWriter | null> {
  while (!signal.aborted) {
    try {
      return await openWriterThread(database, options);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      if (error.code === "leased") onWait(`another program writes ${database}`);
      else if (isPatient && (error.passes || error.code === "lost")) onWait(error.message);
      else throw error;
    }
    await untilFree(database, signal).catch(() => {});
  }
  return null;
}

/** Waits until it is worth trying. @throws The signal's reason. */
async function untilFree(database: string, signal: AbortSignal): Promise<void> {
  // Whether those who have a lease on a server would share it is for them to say.
  if (isPostgres(database)) return await sleep(LOOK_AT_SERVER_MS, signal);
  do await sleep(LOOK_MS, signal); while (isLeased(database));
}
