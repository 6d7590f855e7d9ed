import { type Command, InvalidArgumentError } from "commander";
import { option, plainName } from "./options.ts";

/** Which log processes share. */
export interface BusSelection {
  /** Where the NATS server is: `nats://host:4222`. */
  readonly busUrl: string;
  /** The name of the log on it. */
  readonly log: string;
}

const STANDARD_PORT = "4222";

/** Declares where the log is. */
export function addBusOptions(command: Command): Command {
  return addLogName(command).addOption(
    option("--bus <url>", "a NATS server with JetStream").argParser(natsUrl)
      .default("nats://127.0.0.1:4222"),
  );
}

/** Declares which log of a server. */
export function addLogName(command: Command): Command {
  return command.addOption(
    option("--log <name>", "the log on the NATS server").argParser(plainName).default("tandem"),
  );
}

/** Reads which log of a server. */
export function readLogName(command: Command): string {
  return command.opts().log;
}

/** Reads where the log is. */
export function readBusOptions(command: Command): BusSelection {
  return { busUrl: command.opts().bus, log: readLogName(command) };
}

/** The hosts of a log's servers, as permissions write them. */
export function busHosts({ busUrl }: BusSelection): string[] {
  return busUrl.split(",").map((part, k) => {
    const { hostname, port } = new URL(k === 0 ? part : `nats://${part}`);
    return `${hostname}:${port || STANDARD_PORT}`;
  });
}

function natsUrl(text: string): string {
  const url = URL.parse(text.split(",")[0]!);
  if (url?.protocol === "nats:" && url.hostname !== "") return text;
  throw new InvalidArgumentError(`It must look like "nats://127.0.0.1:4222".`);
}
