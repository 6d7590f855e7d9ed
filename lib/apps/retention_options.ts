import type { Option } from "commander";
import type { RetentionPolicy } from "../store/mod.ts";
import { durationMs, option, sizeBytes } from "./options.ts";
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
      .argParser(sizeBytes),
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
