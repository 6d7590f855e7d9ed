import type { PairVerdict } from "./verdict.ts";

/** Share of carried-forward rows from which a reader is warned. */
const MUCH_STALE = 0.2;

/** Hedge ratios farther apart than this share of the larger one are called different. */
const APART = 0.25;

/** The verdict in one plain sentence that a trader can read. */
export function verdictSentence(verdict: Omit<PairVerdict, "sentence">): string {
  const { pValue, best, significance, nobs, caveats } = verdict;
  if (best === null || pValue === null) {
    return `No verdict: ${verdict.reason ?? "there is no test"}.`;
  }
  const direction = best === "yOnX" ? "y on x" : "x on y";
  const level = `${percent(significance)} level`;
  const evidence = `Engle-Granger ${direction}, ${chance(pValue)}, ${nobs} bars`;
  const head = verdict.cointegrated
    ? `The legs are cointegrated at the ${level} (${evidence})`
    : `Nothing speaks for cointegration at the ${level} (${evidence})`;
  const caution = caveats.length === 0 ? "" : `, but ${listed(caveats)}`;
  return `${head}; ${halfLifeWords(verdict)}${caution}.`;
}

/** What speaks against taking a verdict at its word. */
export function verdictCaveats(
  verdict: Omit<PairVerdict, "sentence" | "caveats">,
): readonly string[] {
  if (verdict.best === null) return dataCaveats(verdict);
  return [
    ...verdict.cointegrated ? [...methodCaveats(verdict), ...ratioCaveats(verdict)] : [],
    ...breakCaveats(verdict),
    ...dataCaveats(verdict),
  ];
}

type Judged = Omit<PairVerdict, "sentence" | "caveats">;

function methodCaveats({ symmetric, yOnX, xOnY }: Judged): string[] {
  const { johansenRank, trace, traceCritical } = symmetric;
  const parts: string[] = [];
  if (johansenRank === 0) {
    const numbers = `${digits(trace!, 3)} against ${digits(traceCritical, 3)}`;
    parts.push(`Johansen's test finds no relation (trace ${numbers} at 5 %)`);
  }
  if (johansenRank === 2) parts.push("each leg alone looks stationary to Johansen's test");
  const inverse = xOnY.hedgeRatio === null ? null : 1 / xOnY.hedgeRatio;
  const ratios = [yOnX.hedgeRatio, inverse, symmetric.totalLeastSquares, symmetric.johansen]
    .filter((ratio): ratio is number => ratio !== null && Number.isFinite(ratio));
  const [low, high] = [Math.min(...ratios), Math.max(...ratios)];
  if (areApart(low, high)) {
    parts.push(`the methods give hedge ratios from ${digits(low)} to ${digits(high)}`);
  }
  return parts;
}

function ratioCaveats({ stability }: Judged): string[] {
  if (stability.halves === null) return [];
  const [first, second] = stability.halves;
  return areApart(first, second)
    ? [`the hedge ratio went from ${digits(first)} in the first half to ${digits(second)}`]
    : [];
}

/** A spread that wanders looks like one that breaks: only of cointegrated legs it is said. */
function breakCaveats({ stability, cointegrated }: Judged): string[] {
  if (!stability.broken) return [];
  const time = new Date(stability.breakAtMs!).toISOString().slice(0, 16).replace("T", " ");
  return cointegrated
    ? [`the relation seems to break near ${time} UTC (${chance(stability.breakPValue!)})`]
    : [`a break near ${time} UTC may be why`];
}

function dataCaveats({ staleShare, incompleteShare, gapShare }: Judged): string[] {
  const parts: string[] = [];
  if (staleShare > MUCH_STALE) {
    parts.push(`${percent(staleShare)} of the bars are carried forward`);
  }
  if (incompleteShare > 0) parts.push(`${percent(incompleteShare)} are not proven complete`);
  if (gapShare > 0) parts.push(`${percent(gapShare)} follow a gap in time`);
  return parts;
}

function areApart(a: number, b: number): boolean {
  return Math.abs(a - b) > APART * Math.max(Math.abs(a), Math.abs(b));
}

function halfLifeWords(verdict: Judged): string {
  const { halfLifeBars, halfLifeError, halfLifeResolved } = verdict[verdict.best ?? "yOnX"];
  if (halfLifeBars === null) return "the spread does not revert";
  if (!halfLifeResolved) return "its half-life is too long for these bars to tell";
  const error = halfLifeError === null ? "" : ` ± ${digits(halfLifeError)}`;
  return `half of a deviation is gone after ${digits(halfLifeBars)}${error} bars`;
}

function listed(parts: readonly string[]): string {
  const last = parts.at(-1)!;
  return parts.length === 1 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
}

function percent(share: number): string {
  return `${digits(100 * share)} %`;
}

function chance(p: number): string {
  if (p < 1e-15) return "p < 1e-15";
  return `p = ${p < 1e-4 ? p.toExponential(1) : p.toFixed(p < 0.01 ? 4 : 3)}`;
}

/** So many significant digits, without exponent. */
function digits(value: number, count = 2): string {
  return Number(value.toPrecision(count)).toString();
}
