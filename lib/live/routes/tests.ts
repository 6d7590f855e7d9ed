import { PairFeed } from "../pair_feed.ts";
import { pairTests } from "../pair_tests.ts";
import { readQuery, requireSymbols } from "../query.ts";
import { json } from "../respond.ts";
import type { Route } from "./route.ts";

/** Tests of a pair over its newest rows: unit roots, stationarity, cointegration, in plain words. */
export const tests: Route = ({ source, query }) => {
  const asked = readQuery("pair", query);
  const readings = source.read((reader) => {
    requireSymbols(reader, asked.y, asked.x);
    return new PairFeed(reader, asked).readings;
  });
  return json(pairTests(readings, asked));
};
