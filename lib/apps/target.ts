import type { Command } from "commander";
import { addLogName, readLogName } from "./bus_options.ts";
import { feedControlFile } from "./control/feed_client.ts";
import { type StoreClient, storeClients } from "./control/store_client.ts";
import { databasePath, dataFolder, option, plainName } from "./options.ts";
import { type Place, ProgramError } from "./program.ts";

/** Which running program is meant. */
export interface Target {
  /** The database that it writes. */
  readonly database: string;
  /** Only the store of this name, of all that this machine has for the database; `null` for all. */
  readonly store: string | null;
  /** The feed of this machine that is meant instead; `null` for what writes the database. */
  readonly feed: { readonly name: string; readonly controlFile: string } | null;
}

/** Declares how a store or a feed is named. */
export function addRoleNames(command: Command): Command {
  command.addOption(
    option("--store <name>", "only the store of this name, of those on this machine")
      .argParser(plainName),
  ).addOption(
    option("--feed <name>", "the feed of this name on this machine instead").argParser(plainName),
  );
  return addLogName(command);
}

/** Reads which program is meant. */
export function readTarget(command: Command, place: Place): Target {
  const { db, store, feed: name } = command.opts();
  return {
    store: store ?? null,
    database: databasePath(db, place),
    feed: name === undefined ? null : {
      name,
      controlFile: feedControlFile(dataFolder(place), readLogName(command), name),
    },
  };
}

/**
 * The stores that are meant, on this machine; none where none runs.
 *
 * @throws {ProgramError} If one was named, and does not run.
 */
export async function storesOf({ database, store }: Target): Promise<StoreClient[]> {
  const stores = await storeClients(database);
  if (store === null) return stores;
  const named = stores.filter(({ name }) => name === store);
  if (named.length > 0) return named;
  throw new ProgramError(
    `Cannot reach a store "${store}" of ${database} as none runs on this machine: start one with "deno task store --name ${store}"`,
  );
}

/** Whether these stores are all that is meant: nothing else writes the database. */
export function areAll({ store }: Target, stores: readonly StoreClient[]): boolean {
  return store !== null || stores.some(({ said }) => said.standingBy === null);
}
