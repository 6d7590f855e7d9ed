import { type AlertRule, readAlertChannels, readAlertRule } from "../../alerts/mod.ts";
import { hostOf } from "../options.ts";
import { UsageError } from "../program.ts";

/** What a file of alerts says, without its secrets. */
export interface AlertFile {
  /** The file. */
  readonly path: string;
  /** The rules. */
  readonly rules: readonly AlertRule[];
  /** `host:port` of every channel. */
  readonly hosts: readonly string[];
  /** The environment variables its channels take secrets from. */
  readonly variables: readonly string[];
}

/**
 * Reads a file of alerts, `{"channels": {…}, "rules": […]}`.
 *
 * @throws {UsageError} If it cannot be read or says something that makes no sense.
 */
export function readAlertFile(path: string): AlertFile {
  const { channels, rules } = parse(path);
  const variables = new Set<string>();
  return orUsageError(path, () => {
    const named = readAlertChannels(channels, (name) => {
      variables.add(name);
      return Deno.env.get(name);
    });
    const read = readRules(rules);
    for (const { id, channels } of read) {
      const unknown = channels.find((name) => !named.has(name));
      if (unknown === undefined) continue;
      throw new RangeError(
        `Cannot take the alert rule "${id}" as there is no channel "${unknown}"`,
      );
    }
    const hosts = [...named.values()].map(({ url }) => hostOf(url));
    return { path, rules: read, hosts: [...new Set(hosts)], variables: [...variables] };
  });
}

/**
 * Reads the rules of a file and nothing else of it.
 *
 * @throws {UsageError} As `readAlertFile()`.
 */
export function readAlertRules(path: string): AlertRule[] {
  return orUsageError(path, () => readRules(parse(path).rules));
}

/** Reads the channels of a file, secrets included. */
export function readChannels(path: string) {
  return readAlertChannels(parse(path).channels, (name) => Deno.env.get(name));
}

function readRules(rules: readonly unknown[]): AlertRule[] {
  const read = rules.map(readAlertRule);
  const ids = read.map((rule) => rule.id);
  const twice = ids.find((id, k) => ids.indexOf(id) < k);
  if (twice !== undefined) throw new RangeError(`Cannot take two alert rules named "${twice}"`);
  return read;
}

function orUsageError<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(`${error.message} (in "${path}")`, { cause: error });
  }
}

function parse(path: string): { channels: unknown; rules: readonly unknown[] } {
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (cause) {
    throw new UsageError(`Cannot read the alerts in "${path}" as there is no such file`, { cause });
  }
  try {
    const { channels = {}, rules = [] } = JSON.parse(text);
    if (!Array.isArray(rules)) throw new SyntaxError(`"rules" is no list`);
    return { channels, rules };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(
      `Cannot read the alerts in "${path}" as it must be JSON like {"channels": {}, "rules": []}: ${why}`,
      { cause },
    );
  }
}
