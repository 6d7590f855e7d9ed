import type { AdfResult, EngleGrangerResult, JohansenResult, KpssResult } from "../stats/mod.ts";
import type { TestResult } from "./pair_tests.ts";

type Said = Pick<TestResult, "words" | "speaks">;

const LEVEL = 0.05;

/** What a test of a unit root says of a leg. */
export function adfWords(subject: string, { pValue, reason }: AdfResult): Said {
  if (pValue === null) return untold(reason);
  return pValue < LEVEL
    ? {
      words: `${subject} alone seems to come back to a level (${chance(pValue)}): ` +
        `cointegration asks for legs that wander.`,
      speaks: "no",
    }
    : {
      words: `${subject} may well wander (${chance(pValue)}), as a leg should.`,
      speaks: "yes",
    };
}

/** What a test of stationarity says of a leg. */
export function kpssWords(
  subject: string,
  { pValue, pValueBound, reason }: KpssResult,
): Said {
  if (pValue === null) return untold(reason);
  const bound = pValueBound === null ? "" : `${pValueBound} `;
  const p = `p ${bound === "" ? "= " : bound}${pValue.toPrecision(2)}`;
  return pValue < LEVEL
    ? { words: `${subject} wanders: keeping to a level is rejected (${p}).`, speaks: "yes" }
    : { words: `That ${subject} keeps to a level is not rejected (${p}).`, speaks: "no" };
}

/** What a test of cointegration in one direction says. */
export function engleGrangerWords(
  dependent: string,
  hedge: string,
  { pValue, collinear, slopes, reason }: EngleGrangerResult,
): Said {
  if (collinear) {
    return { words: `${dependent} and ${hedge} are one instrument: no test.`, speaks: "no" };
  }
  if (pValue === null) return untold(reason);
  const ratio = slopes === null ? "" : ` at ${digits(slopes[0]!)} ${hedge} per ${dependent}`;
  return pValue < LEVEL
    ? { words: `The spread${ratio} comes back (${chance(pValue)}).`, speaks: "yes" }
    : {
      words: `That the spread${ratio} wanders is not rejected (${chance(pValue)}).`,
      speaks: "no",
    };
}

/** What Johansen's test says of both legs. */
export function johansenWords(x: string, y: string, result: JohansenResult): Said {
  const { rank, hedgeRatios, reason } = result;
  if (rank === null) return untold(reason);
  if (rank === 0) return { words: "No relation holds the legs together at 5 %.", speaks: "no" };
  if (rank > 1) {
    return { words: "Each leg alone looks stationary at 5 %: a pair needs none.", speaks: "no" };
  }
  const ratio = hedgeRatios === null ? "" : `: ${digits(hedgeRatios[0]!)} ${x} per ${y}`;
  return { words: `One relation holds the legs together at 5 %${ratio}.`, speaks: "yes" };
}

function untold(reason: string | null): Said {
  return { words: `No answer: ${reason ?? "there is no statistic"}.`, speaks: "nothing" };
}

function chance(p: number): string {
  return p < 1e-4 ? "p < 0.0001" : `p = ${p.toPrecision(2)}`;
}

function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}
