import { type Command, InvalidArgumentError, Option } from "commander";
import { BINANCE_USDM, venueOf } from "../market/mod.ts";
import type { FeedSelection } from "./feed_options.ts";
import { option } from "./options.ts";
import { UsageError } from "./program.ts";

/** What can be recorded beside the trades. */
export type Recorded = "book" | "mark";

const ALL: readonly Recorded[] = ["book", "mark"];

/** `--with`: what else is recorded. */
export function withOption(): Option {
  return option(
    "--with <what>",
    "also record, every second: mark (mark and index price, funding), book (bid, ask)",
  )
    .argParser(recorded).default([], "nothing");
}

/**
 * `--with` of a program that has to refuse it: not in its help, and neither a variable nor a setting,
 * so that one that is meant for `ingest` does not stop it.
 */
export function refusedWithOption(): Option {
  return new Option("--with <what>").argParser(recorded).default([]).hideHelp();
}

/**
 * Reads what is to be recorded of the symbols that are followed.
 *
 * @throws {UsageError} If it is told of none of them.
 */
export function readWith(command: Command, { symbols, all }: FeedSelection): readonly Recorded[] {
  const wanted: readonly Recorded[] = command.opts().with;
  if (wanted.length === 0 || all || symbols.some(isRecorded)) return wanted;
  throw new UsageError(
    `Cannot record ${wanted.join()} of ${symbols[0]} as that is done for Binance USD-M only, by ` +
      `plain names such as "BTCUSDT": leave --with out, or name one of these too`,
  );
}

/**
 * Refuses `--with` on the command line of a program that shares a log with others.
 *
 * @throws {UsageError} If it was given.
 */
export function refuseWith(command: Command, action: string): void {
  const wanted: readonly Recorded[] = command.opts().with;
  if (wanted.length === 0) return;
  throw new UsageError(
    `Cannot ${action} with ${wanted.join()} as a log holds trades only: record it by ` +
      `"deno task ingest --with ${wanted.join()}", and leave --with out here`,
  );
}

/** Whether what is told beside trades can be recorded of a symbol. */
export function isRecorded(symbol: string): boolean {
  return venueOf(symbol)?.code === BINANCE_USDM;
}

/** What a value names, and what those before it on the command line did. */
function recorded(text: string, before: readonly Recorded[] = []): Recorded[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.every((name) => ALL.some((known) => known === name))) {
    return ALL.filter((known) => names.includes(known) || before.includes(known));
  }
  throw new InvalidArgumentError('It must be "mark", "book" or "book,mark".');
}
