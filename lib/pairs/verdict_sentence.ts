import type { PairVerdict } from "./pair_verdict.ts";

/** The verdict in one plain sentence that a trader can read. */
export function verdictSentence(verdict: Omit<PairVerdict, "sentence">): string {
  const { pValue, best, significance, nobs } = verdict;
  if (best === null || pValue === null) {
    return `No verdict: ${verdict.reason ?? "there is no test"}.`;
  }
  const direction = best === "yOnX" ? "y on x" : "x on y";
  const level = `${percent(significance)} level`;
  const evidence = `Engle-Granger ${direction}, p = ${decimal(pValue)}, ${nobs} bars`;
  const head = verdict.cointegrated
    ? `The legs are cointegrated at the ${level} (${evidence})`
    : `Nothing speaks for cointegration at the ${level} (${evidence})`;
  return `${head}; ${halfLifeWords(verdict)}${caution(verdict)}.`;
}

function halfLifeWords(verdict: Omit<PairVerdict, "sentence">): string {
  const { halfLifeBars, halfLifeError, halfLifeResolved } = verdict[verdict.best ?? "yOnX"];
  if (halfLifeBars === null) return "the spread does not revert";
  if (!halfLifeResolved) return "its half-life is too long for these bars to tell";
  const error = halfLifeError === null ? "" : ` ± ${digits(halfLifeError)}`;
  return `half of a deviation is gone after ${digits(halfLifeBars)}${error} bars`;
}

function caution({ staleShare, incompleteShare }: Omit<PairVerdict, "sentence">): string {
  const parts: string[] = [];
  if (staleShare > 0.2) parts.push(`${percent(staleShare)} of the bars are carried forward`);
  if (incompleteShare > 0) parts.push(`${percent(incompleteShare)} are not proven complete`);
  return parts.length === 0 ? "" : `, but ${parts.join(" and ")}`;
}

function percent(share: number): string {
  return `${digits(100 * share)} %`;
}

function decimal(p: number): string {
  return p < 1e-4 ? p.toExponential(1) : p.toFixed(p < 0.01 ? 4 : 3);
}

/** Two significant digits, without exponent. */
function digits(value: number): string {
  return Number(value.toPrecision(2)).toString();
}
