import { InvalidArgumentError, type Option } from "commander";
import type { RetentionPolicy } from "../store/mod.ts";
import { durationMs, option } from "./options.ts";
import { UsageError } from "./program.ts";

/** What may leave a database; everything `null` keeps everything. */
export type RetentionOptions = Omit<RetentionPolicy, "nowMs">;

/** Nothing leaves. */
export const KEEP_ALL: RetentionOptions = {
  archiveAfterMs: null,
  tradesMs: null,
  barsMs: null,
  maxBytes: null,
};

const UNITS: Readonly<Record<string, number>> = { kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

/** The options of `ingest` that say what leaves its database. */
export function retentionOptions(): Option[] {
  return [
    option(
      "--archive-after <time>",
      "move closed UTC days of trades to Parquet files beside the database once they are so old",
    ).argParser(durationMs),
    option("--retention <time>", "delete trades that are older, in whole UTC days")
      .argParser(durationMs),
    option("--bar-retention <time>", "delete bars that are older; not less than --retention")
      .argParser(durationMs),
    option("--max-size <size>", "delete the oldest days of trades while all takes more: 20GB")
      .argParser(bytes),
  ];
}

/** What was given of them. @throws {UsageError} If bars were to go before their trades. */
export function readRetention(o: Record<string, unknown>): RetentionOptions {
  const given = (name: string) => (o[name] as number | undefined) ?? null;
  const tradesMs = given("retention");
  const barsMs = given("barRetention");
  if (barsMs !== null && (tradesMs === null || barsMs < tradesMs)) {
    throw new UsageError(
      "Cannot delete bars before their trades: give a --retention that is not longer than --bar-retention",
    );
  }
  return { archiveAfterMs: given("archiveAfter"), tradesMs, barsMs, maxBytes: given("maxSize") };
}

/** A parser for sizes such as `500MB` and `20GB`, in bytes. */
function bytes(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(kB|MB|GB|TB)$/.exec(text);
  const size = match === null ? 0 : Number(match[1]) * UNITS[match[2]!]!;
  if (!(size > 0)) throw new InvalidArgumentError('It must look like "500MB" or "20GB".');
  return Math.round(size);
}
