import { BusError } from "../bus_error.ts";
import type { JetStreamManager, StreamInfo } from "./library.ts";

/** The code with which the server says that there is no such stream. */
const STREAM_NOT_FOUND = 10_059;
const NS_PER_MS = 1e6;

/** How the log is kept, where it has to be made. */
export interface StreamSettings {
  readonly name: string;
  readonly partitions: number;
  readonly mostBytes: number;
  readonly mostAgeMs: number;
  readonly duplicateMs: number;
}

/** The subject of a partition. */
export function subjectOf(name: string, partition: number): string {
  return `${name}.events.${partition}`;
}

/** The subject of a kept value. */
export function keySubject(name: string, key: string): string {
  return `${name}.kept.${key}`;
}

/** The stream of kept values. */
export function keptStream(name: string): string {
  return `${name}-kept`;
}

/** A log as it is there. */
export interface PreparedStreams {
  readonly partitions: number;
  /** When it was made, by its server, to the nanosecond. */
  readonly created: string;
}

/**
 * Makes the streams that are not there; a log that is there stays as it is.
 *
 * @throws {BusError} If it is divided otherwise.
 */
export async function prepareStreams(
  manager: JetStreamManager,
  settings: StreamSettings,
  isPartitionsGiven: boolean,
): Promise<PreparedStreams> {
  const { name } = settings;
  await ensure(manager, keptStream(name), {
    subjects: [`${name}.kept.>`],
    max_msgs_per_subject: 1,
    storage: "file" as const,
  });
  const subjects = Array.from({ length: settings.partitions }, (_, k) => subjectOf(name, k));
  const { config, created } = await ensure(manager, name, {
    subjects,
    storage: "file" as const,
    retention: "limits" as const,
    discard: "old" as const,
    max_bytes: settings.mostBytes,
    max_age: settings.mostAgeMs * NS_PER_MS,
    duplicate_window: Math.min(settings.duplicateMs, settings.mostAgeMs) * NS_PER_MS,
  });
  const partitions = config.subjects.length;
  if (isPartitionsGiven && partitions !== settings.partitions) {
    throw new BusError(
      "partitions",
      `Cannot use the log "${name}" with ${settings.partitions} partitions as it has ${partitions}: name that number, or another log`,
    );
  }
  return { partitions, created: String(created) };
}

type Config = Parameters<JetStreamManager["streams"]["add"]>[0];

async function ensure(
  manager: JetStreamManager,
  name: string,
  config: Omit<Config, "name">,
): Promise<StreamInfo> {
  const find = () => manager.streams.info(name);
  try {
    return await find();
  } catch (error) {
    if ((error as { code?: unknown }).code !== STREAM_NOT_FOUND) throw error;
  }
  try {
    return await manager.streams.add({ name, ...config } as Config);
  } catch (error) {
    // Another process may have made it at the same moment.
    return await find().catch(() => {
      throw error;
    });
  }
}
