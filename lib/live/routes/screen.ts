import { readQuery } from "../query.ts";
import { json } from "../respond.ts";
import type { Route } from "./route.ts";

/** Every pair of all symbols, tested for cointegration over the newest window. */
export const screen: Route = async ({ screens, query }) =>
  json(await screens.report(readQuery("screen", query)));

/** Correlations and p-values of all pairs, ordered for a heat map. */
export const screenMatrix: Route = async ({ screens, query }) =>
  json(await screens.matrix(readQuery("screen", query)));
