import { PairFeed } from "../pair_feed.ts";
import { readQuery, requireSymbols } from "../query.ts";
import { json } from "../respond.ts";
import type { Route } from "./route.ts";

/** Whether the hub and its database are well. */
export const health: Route = ({ source }) => {
  // Before the read: where the database is away, a pulse leaves the reader.
  const pulse = source.pulse();
  return json(source.read((reader) => ({
    status: "ok",
    ...pulse,
    symbols: reader.symbols().length,
    writer: reader.heartbeat(),
  })));
};

/** The symbols of the database. */
export const symbols: Route = ({ source }) =>
  json({ symbols: source.read((reader) => reader.symbols()) });

const MOST_GAPS = 500;

/** Counters per symbol, the newest gaps, newest first, what writes the database and its size. */
export const quality: Route = ({ source }) => {
  const pulse = source.pulse();
  return json(source.read((reader) => ({
    quality: reader.quality(),
    gaps: reader.gaps(undefined, MOST_GAPS),
    writer: reader.heartbeat(),
    sizeBytes: reader.sizeBytes(),
    ...pulse,
  })));
};

/** Bars of one symbol, oldest first. */
export const bars: Route = ({ source, query }) => {
  const { symbol, interval: intervalMs, from, to, limit } = readQuery("barRange", query);
  return json(source.read((reader) => {
    requireSymbols(reader, symbol);
    const found = reader.bars({
      ...{ symbol, intervalMs, limit },
      ...(from === undefined ? {} : { fromMs: from }),
      ...(to === undefined ? {} : { toMs: to }),
    });
    return { symbol, intervalMs, bars: found };
  }));
};

/** Readings of one pair, oldest first, and the verdict on them. */
export const pair: Route = ({ source, query }) => {
  const asked = readQuery("pair", query);
  return json(source.read((reader) => {
    requireSymbols(reader, asked.y, asked.x);
    const { y, x, interval: intervalMs, window: windowBars, method, scale } = asked;
    const feed = new PairFeed(reader, asked);
    const { readings } = feed;
    return { y, x, intervalMs, windowBars, method, scale, readings, verdict: feed.judge() };
  }));
};
