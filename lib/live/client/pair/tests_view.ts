/// <reference lib="dom" />
import { formatFixed, formatTime } from "../../../charts/mod.ts";
import type { TestResult, TestsReport } from "../../pair_tests.ts";
import { element } from "../dom.ts";
import { clock } from "../preferences.ts";

/** What tests of a pair say: the conclusion, what they were given, and each in a row. */
export function testsView(report: TestsReport, again: () => void): HTMLElement[] {
  const { nobs, fromMs, toMs, scale, results, conclusion } = report;
  const span = fromMs === null || toMs === null
    ? "no bars"
    : `${nobs.toLocaleString("en")} bars from ${formatTime(fromMs, 1_000, clock.zone)} to ${
      formatTime(toMs, 1_000, clock.zone)
    } ${clock.label}`;
  const seen = scale === "log" ? "logarithms of closes" : "closes";
  const heads = ["Test", "Of", "What it says", "Statistic", "p", "5 % value", "Lags", "Bars"];
  const table = element(
    "table",
    { class: "data tests", "aria-label": "Statistical tests" },
    element(
      "thead",
      {},
      element("tr", {}, ...heads.map((h) => element("th", { scope: "col" }, h))),
    ),
    element("tbody", {}, ...results.map(testRow)),
  );
  return [
    element("p", { class: "conclusion" }, conclusion),
    element(
      "p",
      { class: "note" },
      `On the ${seen} of ${span}. `,
      element("button", { type: "button", class: "quiet", onclick: again }, "Test again"),
    ),
    element("div", { class: "scroll" }, table),
  ];
}

function testRow(result: TestResult): HTMLElement {
  const { test, subject, nullHypothesis, words, statistic, pValue, pValueBound, critical } = result;
  const sign = { "at most": "≤ ", "at least": "≥ " };
  const p = pValue === null
    ? "–"
    : `${pValueBound === null ? "" : sign[pValueBound]}${
      pValue < 1e-4 ? "< 0.0001" : pValue.toPrecision(2)
    }`;
  const five = critical.find(({ level }) => level === 0.05)?.value ?? null;
  const verdict = element("td", { class: "words", "data-speaks": result.speaks }, words);
  return element(
    "tr",
    {},
    element("th", { scope: "row", title: `Assumes ${nullHypothesis}` }, test),
    element("td", { class: "subject" }, subject),
    verdict,
    ...[formatFixed(statistic, 2), p, formatFixed(five, 2), String(result.lag ?? "–")]
      .map((text) => element("td", {}, text)),
    element("td", {}, result.nobs.toLocaleString("en")),
  );
}
