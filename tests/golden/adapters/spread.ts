import {
  pairReadings,
  priceDistance,
  priceRatio,
  rollingSpread,
  staticSpread,
} from "../../../lib/pairs/mod.ts";
import { bollingerBands } from "../../../lib/stats/mod.ts";
import { close } from "../../support/close.ts";
import type { Adapter } from "./adapter.ts";

export const spread: Adapter = {
  run(golden) {
    const y = golden.series("logy");
    const x = golden.series("logx");
    const [priceY, priceX] = [golden.series("Y"), golden.series("X")];
    const window = golden.number("window");
    const whole = staticSpread(y, x)!;
    const bands = bollingerBands(whole, { window, width: golden.number("k") });
    const lagged = rollingSpread(y, x, { window });
    const flags = { stale: false, complete: true, revision: 0 };
    const rows = y.map((value, row) => ({ row, openTimeMs: row, y: value, x: x[row]!, ...flags }));
    pairReadings(rows, { windowBars: window, scale: "level" }).forEach((reading, t) => {
      if (reading.spread !== null) close(reading.spread, lagged[t]!, 1e-9, 1e-12);
    });
    return {
      static: whole,
      rolling: rollingSpread(y, x, { window, lag: 0 }),
      rolling_lag1: lagged,
      log_ratio: priceRatio(priceY, priceX, "log"),
      ratio: priceRatio(priceY, priceX, "level"),
      ssd: priceDistance(priceY, priceX),
      bb_mid: bands.middle,
      bb_up: bands.upper,
      bb_low: bands.lower,
    };
  },
};
