/** One adapter per analytic; a fixture file without one fails, unless `not_yet_built.ts` names it. */
import type { Adapter } from "./adapter.ts";
import { bars } from "./bars.ts";
import { mackinnon } from "./mackinnon.ts";

/** By the `analytic` of a fixture file. */
export const ADAPTERS: Readonly<Record<string, Adapter>> = {
  bars,
  mackinnon,
};

/** By the `analytic` of a case in `edge_cases.json`. */
export const EDGE_ADAPTERS: Readonly<Record<string, Adapter>> = {};
