import { type Hub, startHub } from "../live/mod.ts";
import { besideDatabase, openReader } from "../store/mod.ts";
import { findPart } from "./parts.ts";
import { report } from "./prelude.ts";

/** Where a hub of a kernel was reached. */
interface Address {
  readonly port: number;
  readonly token: string;
}

/** Addresses of kernels that are gone are used again, so there are as many as kernels at a time. */
const MOST_ADDRESSES = 16;

const hubs = new Map<string, Promise<Hub>>();

/**
 * Returns the address at which pages reach this kernel's hub over a database, with its token and a
 * slash at the end; starts the hub when first asked. `TANDEM_PUBLIC_URL` says where that is when
 * the browser is on another machine.
 *
 * The address is kept beside the database, readable by its owner only, and used again by the next
 * kernel: outputs of an earlier one then connect by themselves.
 */
export async function hubUrl(database: string): Promise<string> {
  return (await hubOf(database)).publicUrl;
}

/** The hub itself, whose own address only this machine reaches. */
export async function hubOf(database: string): Promise<Hub> {
  const starting = hubs.get(database) ?? start(database);
  hubs.set(database, starting);
  try {
    return await starting;
  } catch (error) {
    hubs.delete(database);
    throw error;
  }
}

async function start(database: string): Promise<Hub> {
  const file = `${besideDatabase(database)}.hubs.json`;
  const known = readAddresses(file);
  for (const address of known) {
    const hub = await startAt(database, address).catch(() => null);
    if (hub !== null) return hub;
  }
  const token = crypto.randomUUID();
  const hub = await startAt(database, { port: 0, token });
  writeAddresses(file, [...known, { port: hub.port, token }].slice(-MOST_ADDRESSES));
  return hub;
}

function startAt(database: string, { port, token }: Address): Promise<Hub> {
  const publicUrl = Deno.env.get("TANDEM_PUBLIC_URL") || undefined;
  return startHub({
    open: () => openReader(database),
    port,
    token,
    allowAnyOrigin: true,
    findPart,
    ...publicUrl === undefined ? {} : { publicUrl },
    onError: (error) => report("hub", error),
  });
}

function readAddresses(file: string): Address[] {
  try {
    return JSON.parse(Deno.readTextFileSync(file));
  } catch {
    return [];
  }
}

function writeAddresses(file: string, addresses: readonly Address[]): void {
  const temporary = `${file}.${Deno.pid}`;
  Deno.writeTextFileSync(temporary, JSON.stringify(addresses), { mode: 0o600 });
  Deno.renameSync(temporary, file);
}
