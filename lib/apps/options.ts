import { InvalidArgumentError, Option } from "commander";
import { resolve } from "node:path";
import { CCXT_URL } from "../feed/mod.ts";
import { parseInterval } from "../market/mod.ts";
import { isPostgres, StoreError, withoutPassword } from "../store/mod.ts";
import { type Place, UsageError } from "./program.ts";

/** The database when none is named. */
const DATABASE = "data/tandem.db";

/** The folder of what programs keep where nothing else is named. */
export function dataFolder(place: Place): string {
  return resolve(place.project, "data");
}

/** An option that can also be given as an environment variable: `--ws-url` is `TANDEM_WS_URL`. */
export function option(flags: string, description: string): Option {
  const made = new Option(flags, description);
  return made.env(`TANDEM_${made.name().replaceAll("-", "_").toUpperCase()}`);
}

/** `--db`, the same for every program. */
export function databaseOption(): Option {
  return option(
    "--db <database>",
    `database: a file (default: ${DATABASE} in the project), or postgres://USER@HOST/DATABASE`,
  );
}

/**
 * The database that was named, or the default one: a file's full path, or the URL of one on a
 * server, without the password, which the programs find in their environment.
 *
 * @throws {UsageError} If it is a URL that cannot be used.
 */
export function databasePath(given: string | undefined, place: Place): string {
  if (given === undefined) return resolve(place.project, DATABASE);
  if (!isPostgres(given)) return resolve(place.working, given);
  try {
    return withoutPassword(given);
  } catch (error) {
    if (error instanceof StoreError) throw new UsageError(error.message);
    throw error;
  }
}

/**
 * The database file that was named, or the default one.
 *
 * @param doing What cannot be done with a database on a server, and what does it there.
 * @throws {UsageError} If a server is named.
 */
export function databaseFile(given: string | undefined, place: Place, doing: string): string {
  const database = databasePath(given, place);
  if (isPostgres(database)) throw new UsageError(`Cannot ${doing}`);
  return database;
}

/** A parser for `--duration 30s` and the like, in ms. */
export function durationMs(text: string): number {
  try {
    return parseInterval(text);
  } catch {
    throw new InvalidArgumentError(`It must look like "30s", "10m", "2h" or "7d".`);
  }
}

/** A parser for a whole number in `[min, max]`. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < min || value > max) {
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
    }
    return value;
  };
}

/** A parser for any finite number. */
export function anyNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw new InvalidArgumentError("It must be a number.");
}

/** A parser for a number >= 0. */
export function atLeastZero(text: string): number {
  const value = anyNumber(text);
  if (value >= 0) return value;
  throw new InvalidArgumentError("It must be a number that is not negative.");
}

/** A parser for a number > 0. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) {
    throw new InvalidArgumentError("It must be a number greater than 0.");
  }
  return value;
}

const UNITS: Readonly<Record<string, number>> = { kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

/** A parser for sizes such as `500MB` and `20GB`, in bytes. */
export function sizeBytes(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(kB|MB|GB|TB)$/.exec(text);
  const size = match === null ? 0 : Number(match[1]) * UNITS[match[2]!]!;
  if (!(size > 0)) throw new InvalidArgumentError('It must look like "500MB" or "20GB".');
  return Math.round(size);
}

/** A parser for base URLs of the given schemes; gives the URL without a trailing slash. */
export function baseUrl(...schemes: readonly string[]): (text: string) => string {
  return (text) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url === null || !schemes.includes(url.protocol.slice(0, -1))) {
      throw new InvalidArgumentError(
        `It must be a URL that starts with ${schemes.map((s) => `${s}://`).join(" or ")}.`,
      );
    }
    return text.replace(/\/+$/, "");
  };
}

/** `host:port` of a URL, as permissions name it. */
export function hostOf(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  const standard = protocol === "wss:" || protocol === "https:" ? "443" : "80";
  return `${hostname}:${port === "" ? standard : port}`;
}

/** `--ws-url`: where the exchange with plain names has its sockets. */
export function wsUrlOption(): Option {
  return option("--ws-url <url>", "base URL of the sockets").argParser(baseUrl("ws", "wss"))
    .default("wss://fstream.binance.com");
}

/** Where the real exchange with plain names has REST. */
export const REAL_REST_URL = "https://fapi.binance.com";

/** `--rest-url`: where it has REST. */
export function restUrlOption(): Option {
  return option("--rest-url <url>", "base URL of REST").argParser(baseUrl("http", "https"))
    .default(REAL_REST_URL);
}

/** `--ccxt-url`: where the gateway to ccxt is. */
export function ccxtUrlOption(): Option {
  return option("--ccxt-url <url>", 'where "deno task ccxt" runs, for symbols with a slash')
    .argParser(baseUrl("http", "https")).default(CCXT_URL);
}

/** A parser for addresses to listen on: a name, or of either version of IP; without brackets. */
export function listenAddress(text: string): string {
  const bare = text.replace(/^\[(.*)\]$/, "$1");
  const inUrl = bare.includes(":") ? `[${bare}]` : bare;
  if (/[\s/@?#]/.test(bare) || !URL.canParse(`http://${inUrl}/`)) {
    throw new InvalidArgumentError("It must be an address of this machine, such as 127.0.0.1.");
  }
  return bare;
}

/** A parser for names that are part of others' names. */
export function plainName(text: string): string {
  if (/^[A-Za-z0-9_-]{1,40}$/.test(text)) return text;
  throw new InvalidArgumentError("It must be of letters, digits, _ and -.");
}
