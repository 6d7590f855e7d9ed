/** One adapter per analytic; a fixture file without one fails, unless `not_yet_built.ts` names it. */
import type { Adapter } from "./adapter.ts";
import { adf, adfEdgeCases } from "./adf.ts";
import { backtest } from "./backtest.ts";
import { bars } from "./bars.ts";
import { coint } from "./coint.ts";
import { correlation } from "./correlation.ts";
import { diagnostics } from "./diagnostics.ts";
import { halflife } from "./halflife.ts";
import { hayashi_yoshida } from "./hayashi_yoshida.ts";
import { hurst } from "./hurst.ts";
import { johansen } from "./johansen.ts";
import { kalman } from "./kalman.ts";
import { kpss } from "./kpss.ts";
import { leadlag } from "./leadlag.ts";
import { mackinnon } from "./mackinnon.ts";
import { metrics } from "./metrics.ts";
import { multitest } from "./multitest.ts";
import { ols, olsEdgeCases } from "./ols.ts";
import { returns } from "./returns.ts";
import { robust } from "./robust.ts";
import { rolling_ols } from "./rolling_ols.ts";
import { screen } from "./screen.ts";
import { sizing } from "./sizing.ts";
import { spread } from "./spread.ts";
import { structural } from "./structural.ts";
import { variance_ratio } from "./variance_ratio.ts";
import { zscore } from "./zscore.ts";

/** By the `analytic` of a fixture file. */
export const ADAPTERS: Readonly<Record<string, Adapter>> = {
  adf,
  backtest,
  bars,
  coint,
  correlation,
  diagnostics,
  halflife,
  hayashi_yoshida,
  hurst,
  johansen,
  kalman,
  kpss,
  leadlag,
  mackinnon,
  metrics,
  multitest,
  ols,
  returns,
  robust,
  rolling_ols,
  screen,
  sizing,
  spread,
  structural,
  variance_ratio,
  zscore,
};

/** By the `analytic` of a case in `edge_cases.json`. */
export const EDGE_ADAPTERS: Readonly<Record<string, Adapter>> = {
  adf: adfEdgeCases,
  coint,
  correlation,
  halflife,
  hayashi_yoshida,
  hurst,
  johansen,
  kalman,
  kpss,
  metrics,
  multitest,
  ols: olsEdgeCases,
  returns,
  robust,
  variance_ratio,
  zscore,
};
