/// <reference lib="dom" />
import { formatFixed, formatTime, formatValue } from "../../../charts/mod.ts";
import type { MinuteRow } from "../../minute_rows.ts";
import type { TestResult, TestsReport } from "../../pair_tests.ts";
import { askOrThrow } from "../ask.ts";
import { ChoiceTabs } from "../choice_tabs.ts";
import { DataTable, type TableColumn } from "../data_table.ts";
import { element } from "../dom.ts";
import { clock } from "../preferences.ts";
import { type Settings, toQuery } from "./settings.ts";

/** The reports on a pair. */
export type ReportName = "tests" | "minutes";

const MINUTE_MS = 60_000;
const MINUTES_SHOWN = 240;
const REFRESH_MS = 5_000;

/** Reports on a pair below its chart, made when they are asked for. */
export class Reports {
  readonly #body: HTMLElement;
  readonly #tabs: ChoiceTabs<ReportName>;
  readonly #table = new DataTable<MinuteRow>({
    label: "Statistics per minute",
    columns: MINUTE_COLUMNS,
    keyOf: (row) => String(row.openTimeMs),
    sort: { key: "time", descends: true },
  });
  #settings: Settings | null = null;
  #open: ReportName | null = null;
  #asking: AbortController | null = null;

  constructor(tabs: HTMLElement, body: HTMLElement, chosen: (name: ReportName | null) => void) {
    this.#body = body;
    this.#tabs = new ChoiceTabs(
      tabs,
      [["tests", "Statistical tests"], ["minutes", "Statistics per minute"]],
      (name) => {
        this.open = name;
        chosen(name);
      },
      true,
    );
    setInterval(() => {
      if (this.#open === "minutes" && !document.hidden && !body.closest("[hidden]")) this.#ask();
    }, REFRESH_MS);
    clock.watch(() => this.#ask());
  }

  /** Shows a report, or none. */
  set open(name: ReportName | null) {
    this.#open = name;
    this.#tabs.show(name);
    this.#body.hidden = name === null;
    this.#body.replaceChildren();
    this.#ask();
  }

  /** Reports on another pair. */
  set settings(settings: Settings) {
    this.#settings = settings;
    this.#ask();
  }

  async #ask(): Promise<void> {
    this.#asking?.abort();
    const [settings, name] = [this.#settings, this.#open];
    if (settings === null || name === null) return;
    const { signal } = this.#asking = new AbortController();
    try {
      if (this.#body.childElementCount === 0) this.#body.replaceChildren(note("Computing …"));
      if (name === "tests") {
        const report = await askOrThrow<TestsReport>(`api/tests?${toQuery(settings)}`, signal);
        this.#body.replaceChildren(...testsView(report, () => this.#ask()));
      } else {
        const query = toQuery({ ...settings, limit: MINUTES_SHOWN });
        const { rows } = await askOrThrow<{ rows: MinuteRow[] }>(`api/minutes?${query}`, signal);
        this.#showMinutes(rows, settings);
      }
    } catch (error) {
      if (!signal.aborted) this.#body.replaceChildren(note(`${(error as Error).message}.`));
    }
  }

  #showMinutes(rows: readonly MinuteRow[], settings: Settings): void {
    const { y, x, window } = settings;
    this.#table.show(rows);
    if (this.#table.root.isConnected) return;
    const href = `api/minutes?${toQuery({ ...settings, limit: 10_000 })}&format=csv`;
    this.#body.replaceChildren(
      element(
        "p",
        { class: "note" },
        `The newest ${MINUTES_SHOWN} minutes of y = ${y} and x = ${x}; rolling over ${window} minutes. `,
        element("a", { href, download: "" }, "CSV of up to 10,000 minutes"),
      ),
      element("div", { class: "scroll" }, this.#table.root),
    );
  }
}

function note(text: string): HTMLElement {
  return element("p", { class: "note" }, text);
}

function testsView(report: TestsReport, again: () => void): HTMLElement[] {
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

type Numbers = { [K in keyof MinuteRow]: MinuteRow[K] extends number | null ? K : never }[
  keyof MinuteRow
];

function figure(
  key: Numbers,
  label: string,
  title: string,
  digits?: number,
): TableColumn<MinuteRow> {
  return {
    ...{ key, label, title, descends: true },
    value: (row) => row[key],
    cell: (row) => digits === undefined ? formatValue(row[key]) : formatFixed(row[key], digits),
  };
}

const MINUTE_COLUMNS: readonly TableColumn<MinuteRow>[] = [
  {
    ...{ key: "time", label: "Minute", title: "Start of the minute", descends: true },
    value: (row) => row.openTimeMs,
    cell: (row) => formatTime(row.openTimeMs, MINUTE_MS, clock.zone),
  },
  figure("yClose", "y close", "Close of the dependent leg"),
  figure("xClose", "x close", "Close of the hedge leg"),
  figure("yReturnBps", "y bp", "Change of y since the minute before, basis points", 1),
  figure("xReturnBps", "x bp", "Change of x since the minute before, basis points", 1),
  figure("yRangeBps", "y range", "High less low of y, basis points of its open", 1),
  figure("xRangeBps", "x range", "High less low of x, basis points of its open", 1),
  figure("yQuoteVolume", "y volume", "Volume of y in quote units"),
  figure("xQuoteVolume", "x volume", "Volume of x in quote units"),
  figure("yTrades", "y trades", "Trades of y"),
  figure("xTrades", "x trades", "Trades of x"),
  figure("yTakerBuyShare", "y taker buys", "Share of the volume of y that takers bought", 2),
  figure("xTakerBuyShare", "x taker buys", "Share of the volume of x that takers bought", 2),
  figure("hedgeRatio", "Hedge ratio", "Hedge ratio known before the minute", 4),
  figure("spread", "Spread", "Spread by that ratio"),
  figure("zScore", "z", "z-score of the spread", 2),
  figure("correlation", "Corr.", "Correlation of one-minute returns", 2),
  figure("halfLifeBars", "Half-life", "Half-life of the spread, minutes", 1),
  {
    ...{ key: "marks", label: "Marks", title: "What to know about the minute" },
    value: (row) => Number(row.stale) + 2 * Number(!row.complete),
    cell: (row) =>
      [row.stale ? "carried forward" : "", row.complete ? "" : "incomplete"].filter(Boolean)
        .join(", "),
  },
];
