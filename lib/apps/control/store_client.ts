import { controlCall, readAddress } from "./control_call.ts";
import type { ControlAddress } from "./control_server.ts";
import type { StoreStatus } from "./status.ts";
import { isNameTaken, storeControlFiles } from "./store_control.ts";

/** Asks a store of a database on this machine. */
export interface StoreClient {
  readonly name: string;
  readonly address: ControlAddress;
  /** What it has just said of itself. */
  readonly said: StoreStatus;
  /** Ends it, after what it has was put away. */
  stop(): Promise<void>;
  /** Whether it still runs. */
  isRunning(): boolean;
}

/**
 * Asks the stores of a database that run on this machine, by name; none where there are none.
 *
 * @throws {ProgramError} If one does not answer.
 */
export async function storeClients(database: string): Promise<StoreClient[]> {
  const clients: StoreClient[] = [];
  for (const [name, path] of await storeControlFiles(database)) {
    const isRunning = () => isNameTaken(database, name);
    const address = isRunning() ? await readAddress(path) : null;
    if (address === null) continue;
    const named = { name: `the store "${name}" of ${database}`, logs: "what it printed" };
    const said = await controlCall(address, named, "GET", "/status") as StoreStatus;
    clients.push({
      ...{ name, address, said, isRunning },
      stop: async () => void await controlCall(address, named, "POST", "/stop"),
    });
  }
  return clients;
}
