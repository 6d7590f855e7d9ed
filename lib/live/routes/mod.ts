import { alerts } from "./alerts.ts";
import { backtest } from "./backtest.ts";
import { bars, health, pair, quality, symbols } from "./api.ts";
import { ASSETS } from "./assets.ts";
import { events } from "./events.ts";
import { exportState, exportTable } from "./export.ts";
import { fileLimits } from "./files.ts";
import { metrics } from "./metrics.ts";
import { minutes } from "./minutes.ts";
import { screen, screenMatrix } from "./screen.ts";
import { tests } from "./tests.ts";
import type { Route } from "./route.ts";

/** What answers at which path. */
export const ROUTES: Readonly<Record<string, Route>> = {
  ...ASSETS,
  "/api/health": health,
  "/api/symbols": symbols,
  "/api/quality": quality,
  "/api/bars": bars,
  "/api/pair": pair,
  "/api/minutes": minutes,
  "/api/tests": tests,
  "/api/screen": screen,
  "/api/screen/matrix": screenMatrix,
  "/api/alerts": alerts,
  "/api/backtest": backtest,
  "/api/export": exportTable,
  "/api/export/state": exportState,
  "/api/files": fileLimits,
  "/metrics": metrics,
  "/events": events,
};
