import { type BinanceRest, markFeed, quoteFeed } from "../../feed/mod.ts";
import type { IngestOptions } from "../ingest.ts";
import { isRecorded } from "../with_option.ts";
import { SideRecorder, type SideRecorderParts, type SideStatus } from "./side_recorder.ts";

/** What is recorded beside the trades: all of it together. */
export interface SideRecorders {
  /** How each is, `null` where it was not asked for. */
  readonly status: { readonly marks: SideStatus | null; readonly quotes: SideStatus | null };
  /** Follows these symbols, as far as it can: to be called often. */
  look(symbols: Iterable<string>, nowMs: number): void;
  /** Records until the signal. */
  run(signal: AbortSignal): Promise<void>;
}

/** Makes what was asked for. */
export function sideRecorders(
  { recorded, symbols, wsUrl, symbolsPerSocket, rotateMs }: IngestOptions,
  { rest, onFrame, signal, ...parts }:
    & Pick<SideRecorderParts<never>, "pipeline" | "committer" | "report">
    & {
      readonly rest: BinanceRest;
      readonly onFrame: ((text: string, receivedNs: bigint) => void) | undefined;
      readonly signal: AbortSignal;
    },
): SideRecorders {
  const { pipeline, report } = parts;
  const without = symbols.filter((symbol) => !isRecorded(symbol));
  if (recorded.length > 0 && without.length > 0) {
    const names = recorded.join(" and ");
    report.warn(`Of symbols of Binance only ${names} is recorded: not of ${without.join(", ")}`);
  }
  const options = {
    ...{ wsUrl, rest, signal, symbolsPerSocket, rotateMs },
    ...(onFrame === undefined ? {} : { onFrame }),
  };
  const { totals } = pipeline;
  const marks = !recorded.includes("mark") ? null : new SideRecorder({
    ...{
      ...parts,
      name: "mark",
      silentMs: 30_000,
      feed: markFeed(options),
      stored: () => totals.marks,
    },
    take: (mark) => pipeline.beside.marks.push(mark),
  });
  const quotes = !recorded.includes("book") ? null : new SideRecorder({
    ...{
      ...parts,
      name: "quote",
      silentMs: 60_000,
      feed: quoteFeed(options),
      stored: () => totals.quotes,
    },
    take: (quote) => pipeline.beside.quotes.push(quote),
  });
  const all = [marks, quotes].filter((each) => each !== null);
  return {
    get status() {
      return { marks: marks?.status ?? null, quotes: quotes?.status ?? null };
    },
    look(followed, nowMs) {
      const names = [...followed];
      for (const each of all) each.look(names, nowMs);
    },
    async run(until) {
      await Promise.all(all.map((each) => each.run(until)));
    },
  };
}
