import { ProgramError } from "../program.ts";
import { controlCall, readAddress } from "./control_call.ts";
import type { FeedStatus } from "./status.ts";

/** Asks a feed on this machine. */
export interface FeedClient {
  readonly pid: number;
  status(): Promise<FeedStatus>;
  stop(): Promise<void>;
}

/** The file that tells where a feed of this machine can be reached. */
export function feedControlFile(folder: string, log: string, name: string): string {
  return `${folder}/feed.${log}.${name}.control.json`;
}

/**
 * Finds a feed of this machine.
 *
 * @param path Its control file.
 * @throws {ProgramError} If there is none; so do its methods if it does not answer.
 */
export async function feedClient(path: string, name: string): Promise<FeedClient> {
  const address = await readAddress(path);
  if (address === null) {
    throw new ProgramError(
      `Cannot reach a feed "${name}" as none runs on this machine: start one with "deno task feed BTCUSDT --name ${name}"`,
    );
  }
  const named = { name: `the feed "${name}"`, logs: "what it printed" };
  return {
    pid: address.pid,
    status: async () => await controlCall(address, named, "GET", "/status") as FeedStatus,
    stop: async () => void await controlCall(address, named, "POST", "/stop"),
  };
}

/** Whether the feed behind a control file still runs: when it ends, it removes the file. */
export async function isFeedRunning(path: string): Promise<boolean> {
  return await readAddress(path) !== null;
}
