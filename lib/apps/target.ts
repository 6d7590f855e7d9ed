import type { Command } from "commander";
import { addLogName, readLogName } from "./bus_options.ts";
import { feedControlFile } from "./control/feed_client.ts";
import { databasePath, dataFolder, option, plainName } from "./options.ts";
import type { Place } from "./program.ts";

/** Which running program is meant. */
export interface Target {
  /** The database that it writes. */
  readonly database: string;
  /** The feed of this machine that is meant instead; `null` for what writes the database. */
  readonly feed: { readonly name: string; readonly controlFile: string } | null;
}

/** Declares how a feed is named. */
export function addFeedName(command: Command): Command {
  command.addOption(
    option("--feed <name>", "the feed of this name on this machine instead").argParser(plainName),
  );
  return addLogName(command);
}

/** Reads which program is meant. */
export function readTarget(command: Command, place: Place): Target {
  const { db, feed: name } = command.opts();
  return {
    database: databasePath(db, place),
    feed: name === undefined ? null : {
      name,
      controlFile: feedControlFile(dataFolder(place), readLogName(command), name),
    },
  };
}
