/**
 * A writer in a thread of its own: it is asked to open a database, and then what a `StoreWriter` is.
 *
 * @module
 */
import type { RetentionPolicy } from "../retention/policy.ts";
import { openReader } from "../open_reader.ts";
import { openWriter } from "../open_writer.ts";
import { heedSignals } from "../postgres/signals.ts";
import type { StoreWriter, WriteBatch, WriterOptions } from "../writer.ts";
import { answerCalls } from "./answer_calls.ts";
import { buffersIn, type TradesInMemory } from "./shared_trades.ts";

let writer: StoreWriter | undefined;
let tidying = new AbortController();

/** What only a writer in a thread is asked. */
const thread = {
  /** Opens it; answers with the symbols that it holds. */
  open(path: string, options: WriterOptions, heedsSignals: boolean): string[] {
    if (heedsSignals) heedSignals();
    writer = openWriter(path, options);
    using reader = openReader(path);
    return reader.symbols().map(({ symbol }) => symbol);
  },
  write: (trades: TradesInMemory, batch: WriteBatch) =>
    writer!.write({ ...batch, buffers: buffersIn(trades) }),
  housekeep(policy: RetentionPolicy) {
    tidying = new AbortController();
    return writer!.housekeep(policy, tidying.signal);
  },
  endHousekeeping: () => tidying.abort(),
  close: () => writer![Symbol.dispose](),
};

answerCalls(() => ({ thread, writer, alerts: writer?.alerts, shares: writer?.shares }));
