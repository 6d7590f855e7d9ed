import { counted } from "../counted.ts";
import { statfsSync } from "node:fs";
import { BINANCE_USDM, type Venue, venueOf } from "../../market/mod.ts";
import { isLeased, openReader, StoreError } from "../../store/mod.ts";
import { type StoreClient, storeClients } from "../control/store_client.ts";
import { controlClient } from "../control_client.ts";
import { promiseOf, venuesOf } from "../venue_promises.ts";
import type { Examination } from "./examination.ts";
import { storeFolder } from "../store_access.ts";

const FREE_BYTES = 2 ** 30;
/** A writer that has not told that it is alive for so long hangs, ms. */
const HEARTBEAT_MS = 15_000;

/** Whether the database can be read, and what is known of its trades. */
export function examineDatabase(database: string): Examination {
  const subject = "database";
  try {
    using reader = openReader(database);
    const quality = reader.quality();
    const sum = (field: "gapsOpen" | "gapsLost" | "quarantined") =>
      quality.reduce((total, q) => total + q[field], 0);
    const size = reader.sizeBytes() + sizeOf(`${database}-wal`);
    const finding = `${database} holds ${counted(reader.symbols().length, "symbol")} in ${
      (size / 2 ** 20).toFixed(1)
    } MiB, ${counted(sum("quarantined"), "frame")} in quarantine`;
    const lost = sum("gapsLost");
    const open = sum("gapsOpen");
    if (lost > 0) {
      const isOfBinance = quality.some(({ symbol, gapsLost }) =>
        gapsLost > 0 && venueOf(symbol)?.code === BINANCE_USDM
      );
      const remedy = `: "deno task backfill --gaps" fetches those of Binance from the archive`;
      const told = `${finding}; ${counted(lost, "gap")} lost${isOfBinance ? remedy : ""}`;
      return { subject, state: "note", finding: told };
    }
    return { subject, state: "ok", finding: open > 0 ? `${finding}, ${open} gaps open` : finding };
  } catch (error) {
    const state = error instanceof StoreError && error.code === "missing" ? "note" : "fail";
    return { subject, state, finding: (error as Error).message };
  }
}

/** What the venues of its live trades promise, one finding each. */
export function examineVenues(database: string): Examination[] {
  return liveVenues(database).map((venue) => ({
    subject: "venue",
    state: venue.promises.unproven === null ? "ok" : "note",
    finding: promiseOf(venue),
  }));
}

/** The venues of its live trades; none where it cannot be read. */
export function liveVenues(database: string): Venue[] {
  try {
    using reader = openReader(database);
    const live = reader.symbols().filter(({ streamKind }) => streamKind !== null);
    return venuesOf(live.map(({ symbol }) => symbol));
  } catch (error) {
    // Why is told of the database.
    if (error instanceof StoreError) return [];
    throw error;
  }
}

/** Who writes the database, and whether it answers. */
export async function examineLease(database: string): Promise<Examination> {
  const subject = "lease";
  if (!isLeased(database)) return { subject, state: "ok", finding: "nobody writes the database" };
  let holder = "somebody";
  try {
    using reader = openReader(database);
    const heartbeat = reader.heartbeat();
    if (heartbeat !== null) holder = `process ${heartbeat.pid} on ${heartbeat.host}`;
    const aliveMs = heartbeat?.heartbeatAtMs ?? 0;
    if (Date.now() - aliveMs > HEARTBEAT_MS) {
      return {
        subject,
        state: "fail",
        finding: `${holder} writes the database and was last alive ${
          new Date(aliveMs).toISOString()
        }: it hangs; end that process`,
      };
    }
    const said = await (await controlClient(database)).status();
    if (said.role === "store") return { subject, ...examineStores(await storeClients(database)) };
    const states = Object.values(said.streams);
    const silent = states.filter((state) => state !== "live").length;
    return {
      subject,
      state: silent > 0 ? "note" : "ok",
      finding:
        `an ingest writes the database (${holder}), ${
          states.length - silent
        } of ${states.length} streams live` +
        (silent > 0 ? `: "deno task status" tells which are not` : ""),
    };
  } catch (error) {
    return {
      subject,
      state: "note",
      finding: `${holder} writes the database and cannot be asked (${(error as Error).message})`,
    };
  }
}

/** Whether the stores of this machine have partitions, or stand by, and reach their log. */
function examineStores(stores: readonly StoreClient[]): Omit<Examination, "subject"> {
  const cutOff = stores.filter(({ said }) => !said.log.isConnected).length;
  const told = stores.map(({ name, said }) =>
    `"${name}" (process ${said.pid}) ` +
    (said.standingBy === null
      ? `${said.partitions.length} of ${said.partitionCount} partitions`
      : "standing by")
  );
  const reached = cutOff === 0 ? "" : `; ${counted(cutOff, "store")} cannot reach the log`;
  return {
    state: cutOff === 0 ? "ok" : "note",
    finding: `${counted(stores.length, "store")} on this machine: ${told.join(", ")}${reached}`,
  };
}

/** Whether the folder of the database can be written, and how much room is left. */
export function examineDisk(database: string): Examination {
  const subject = "disk";
  const folder = storeFolder(database);
  const probe = `${folder}/.probe-${Deno.pid}`;
  try {
    Deno.mkdirSync(folder, { recursive: true });
    Deno.writeTextFileSync(probe, "");
    Deno.removeSync(probe);
  } catch (error) {
    return {
      subject,
      state: "fail",
      finding: `${folder} cannot be written (${
        (error as Error).message
      }): mend its permissions, or name another database with --db`,
    };
  }
  const { bavail, bsize } = statfsSync(folder);
  const free = `${(bavail * bsize / 2 ** 30).toFixed(1)} GiB free in ${folder}`;
  return bavail * bsize < FREE_BYTES
    ? { subject, state: "note", finding: `${free}: that is little; a busy day takes about 1 GiB` }
    : { subject, state: "ok", finding: `${free}, which can be written` };
}

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch {
    return 0;
  }
}
