import type { HoldOutReport } from "./hold_out.ts";
import type { Screen } from "./screen.ts";

const COUNT = new Intl.NumberFormat("en");
const SHARE = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });

/** What a screen found and how much of it to believe, in words. */
export function screenSentence(screen: Screen, { latest, alpha }: HoldOutReport): string {
  if (screen.reason !== null) return `No pair was tested: ${screen.reason}.`;
  const { benjaminiHochberg: hochberg, benjaminiYekutieli: yekutieli } = screen;
  const lags = screen.lag === "aic" ? "lags by Akaike's criterion" : `${screen.lag} lags`;
  const found = `${
    COUNT.format(screen.tested)
  } pairs of ${screen.usable} symbols were tested over ${
    COUNT.format(screen.windowBars)
  } bars (${lags}, method: ${screen.method}): ${COUNT.format(hochberg.count)} discoveries at ${
    SHARE.format(screen.alpha)
  }, of which about ${rounded(hochberg.expectedFalse)} are expected to be false; ${
    COUNT.format(yekutieli.count)
  } whatever the dependence of the tests.`;
  const stale = `In the mean ${SHARE.format(screen.staleShare ?? 0)} of a symbol's bars are stale.`;
  const survived = latest === null || latest.survivalRate === null
    ? "None has been tested out of sample yet."
    : `Of ${COUNT.format(latest.tested)} chosen one window earlier, ${
      SHARE.format(latest.survivalRate)
    } passed again on later bars, where ${SHARE.format(alpha)} would by chance.`;
  return [found, stale, survived].join(" ");
}

function rounded(count: number): string {
  return COUNT.format(count < 10 ? Number(count.toFixed(1)) : Math.round(count));
}
