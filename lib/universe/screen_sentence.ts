import type { HoldOutCount, HoldOutReport } from "./hold_out.ts";
import type { Screen } from "./screen.ts";

const COUNT = new Intl.NumberFormat("en");
const SHARE = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });

/** What a screen found and how much of it to believe, in words. */
export function screenSentence(screen: Screen, holdOut: HoldOutReport): string {
  if (screen.reason !== null) return `No pair was tested: ${screen.reason}.`;
  const { benjaminiHochberg: hochberg, benjaminiYekutieli: yekutieli } = screen;
  const lags = screen.lag === "aic" ? "lags by Akaike's criterion" : `${screen.lag} lags`;
  const found = `${COUNT.format(screen.tested)} ${
    screen.tested === 1 ? "pair" : "pairs"
  } of ${screen.usable} symbols ${screen.tested === 1 ? "was" : "were"} tested over ${
    COUNT.format(screen.windowBars)
  } bars (${lags}, method: ${screen.method}): ${COUNT.format(hochberg.count)} discoveries at ${
    SHARE.format(screen.alpha)
  }, of which about ${rounded(hochberg.expectedFalse)} are expected to be false; ${
    COUNT.format(yekutieli.count)
  } whatever the dependence of the tests.`;
  const stale = `In the mean ${SHARE.format(screen.staleShare ?? 0)} of a symbol's bars are stale.`;
  return [found, stale, outOfSample(holdOut)].join(" ");
}

function outOfSample({ latest, all, alpha }: HoldOutReport): string {
  if (latest === null) return "None has been tested out of sample yet.";
  const rate = (count: HoldOutCount) =>
    `${COUNT.format(count.survived)} of ${COUNT.format(count.tested)} (${
      SHARE.format(count.survivalRate ?? 0)
    })`;
  const newest = latest.tested === 0
    ? "No pair had been found one window earlier that could be tested out of sample"
    : `Out of sample ${rate(latest)} of the pairs found one window earlier passed again, where ${
      SHARE.format(alpha)
    } would by chance`;
  return all.tested > latest.tested
    ? `${newest}; since the beginning ${rate(all)} did.`
    : `${newest}.`;
}

function rounded(count: number): string {
  return COUNT.format(count < 10 ? Number(count.toFixed(1)) : Math.round(count));
}
