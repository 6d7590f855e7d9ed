import type { LogMessage, ReplayOptions } from "../bus.ts";
import type { JetStreamManager } from "./library.ts";
import { subjectOf } from "./streams.ts";

/**
 * Reads the messages of a partition that the log holds at this moment, one question each: they are
 * large. The first one of a time is searched for by halves, as the log is in the order of time.
 */
export async function* replayOf(
  manager: JetStreamManager,
  name: string,
  { partition, fromSequence = 1, fromMs, signal }: ReplayOptions,
): AsyncGenerator<LogMessage, void, undefined> {
  const { first_seq: first, last_seq: last } = (await manager.streams.info(name)).state;
  const next = async (sequence: number): Promise<LogMessage | null> => {
    // The library's type does not know the second field; servers have it since 2.9.
    const query = { seq: sequence, next_by_subj: subjectOf(name, partition) };
    const message = await manager.streams.getMessage(name, query);
    if (message === null || message.seq > last) return null;
    const storedMs = message.time.getTime();
    return { partition, sequence: message.seq, storedMs, payload: message.data };
  };
  let from = Math.max(fromSequence, first, 1);
  if (fromMs !== undefined) {
    let end = last + 1;
    while (from < end) {
      const middle = Math.floor((from + end) / 2);
      const message = await next(middle);
      if (message === null || message.storedMs >= fromMs) end = middle;
      else from = message.sequence + 1;
    }
  }
  while (signal?.aborted !== true && from <= last) {
    const message = await next(from);
    if (message === null) return;
    yield message;
    from = message.sequence + 1;
  }
}
