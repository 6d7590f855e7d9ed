/// <reference lib="dom" />
import * as Plot from "@observablehq/plot";
import { DARK, LIGHT, sweepPlot } from "../../../charts/mod.ts";
import type { BacktestAnswer, TradeAnswer } from "../../backtest_answer.ts";
import { askOrThrow } from "../ask.ts";
import { type Chart, mount } from "../chart/chart.ts";
import { DataTable } from "../data_table.ts";
import { element } from "../dom.ts";
import { ExportMenu, type ExportOffer } from "../export_menu.ts";
import { clock } from "../preferences.ts";
import {
  BacktestForm,
  backtestParams,
  type BacktestSettings,
  readBacktest,
} from "./backtest_form.ts";
import { metricTiles } from "./metric_tiles.ts";
import { TRADE_COLUMNS } from "./trade_columns.ts";

const DAY_MS = 86_400_000;
/** Ratios of a shorter span say little about a year. */
const LEAST_SPAN_MS = 60 * DAY_MS;

/** What the backtest view needs of the page. */
export interface BacktestPageOptions {
  readonly root: HTMLElement;
  readonly addressed: (params: URLSearchParams, isStep: boolean) => void;
}

/** The view of a backtest: what the signal would have made of a pair over its stored bars. */
export class BacktestPage {
  readonly #options: BacktestPageOptions;
  readonly #form = new BacktestForm((settings) => this.#run(settings, true));
  readonly #note = element("p", { class: "note", role: "status" });
  readonly #tiles = element("dl", { class: "tiles" });
  readonly #host = element("div", { class: "chart" });
  readonly #sweep = element("section", { class: "card", "aria-label": "Sweep", hidden: true });
  readonly #trades = new DataTable<TradeAnswer>({
    label: "Round trips",
    columns: TRADE_COLUMNS,
    keyOf: (trade) => String(trade.entryBar),
  });
  /** What is shown of an answer, from top to bottom. */
  readonly #found: readonly HTMLElement[];
  #chart: Chart | null = null;
  #asking = new AbortController();
  #asked = "";
  #answer: BacktestAnswer | null = null;

  constructor(options: BacktestPageOptions) {
    this.#options = options;
    this.#found = [
      this.#tiles,
      this.#host,
      this.#sweep,
      element(
        "section",
        { class: "card" },
        element(
          "div",
          { class: "card-head" },
          element("h2", {}, "Round trips"),
          new ExportMenu(() => offersOf(this.#asked)).root,
        ),
        element("div", { class: "scroll" }, this.#trades.root),
      ),
    ];
    options.root.replaceChildren(this.#form.root, this.#note, ...this.#found);
    this.#showFound(false);
    clock.watch(() => this.#trades.show(this.#answer?.trades ?? []));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#drawSweep());
  }

  /** Shows what an address names. */
  show(search: string): void {
    document.title = "Backtest, Tandem";
    const settings = readBacktest(search);
    this.#form.show(settings);
    if (settings.pair.y === "" || settings.pair.x === "") {
      this.#say("Choose two legs, or come from a pair: Backtest below its chart.");
    } else if (String(backtestParams(settings)) !== this.#asked) this.#run(settings, false);
  }

  /** Stops what is under way. */
  hide(): void {
    this.#asking.abort();
  }

  async #run(settings: BacktestSettings, isStep: boolean): Promise<void> {
    const params = backtestParams(settings);
    this.#options.addressed(params, isStep);
    this.#asking.abort();
    const { signal } = this.#asking = new AbortController();
    this.#say("Trading the past …");
    try {
      const answer = await askOrThrow<BacktestAnswer>(`api/backtest?${params}`, signal);
      this.#asked = String(params);
      this.#draw(answer);
    } catch (error) {
      if (signal.aborted) return;
      this.#showFound(false);
      this.#say(`${error instanceof Error ? error.message : error}.`);
    }
  }

  #draw(answer: BacktestAnswer): void {
    this.#answer = answer;
    this.#showFound(true);
    this.#say(noteOn(answer));
    this.#tiles.replaceChildren(...metricTiles(answer));
    this.#chart?.destroy();
    this.#chart = mount(this.#host, answer.spec, answer.columns);
    this.#trades.show(answer.trades);
    this.#drawSweep();
  }

  #drawSweep(): void {
    const map = this.#answer?.sweep ?? null;
    this.#sweep.hidden = map === null;
    if (map === null) return;
    const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
    const width = Math.max(320, this.#tiles.clientWidth - 40);
    const { title, subtitle, ...plot } = sweepPlot(map, { width, theme: isDark ? DARK : LIGHT });
    const drawing = Plot.plot(plot);
    // The content security policy has none of them; the page's own style sheet does.
    for (const style of [...drawing.querySelectorAll("style")]) style.remove();
    this.#sweep.replaceChildren(
      element("div", { class: "card-head" }, element("h2", {}, String(title))),
      element("p", { class: "note" }, `${subtitle}.`),
      drawing,
    );
  }

  #showFound(isShown: boolean): void {
    for (const part of this.#found) part.hidden = !isShown;
    if (this.#answer?.sweep == null) this.#sweep.hidden = true;
  }

  #say(text: string): void {
    this.#note.textContent = text;
  }
}

/** What of a backtest can be exported. */
function offersOf(asked: string): ExportOffer[] {
  const query = new URLSearchParams(asked);
  return [
    { what: "trips", label: "Round trips", query },
    { what: "equity", label: "Equity, bar by bar", query },
  ];
}

/** How it was traded, and what speaks against the numbers. */
function noteOn({ metrics, spec }: BacktestAnswer): string {
  const spanMs = metrics.nobs * spec.intervalMs;
  return [
    "Decided at the close of a bar and filled at the next one, with the fees and slippage typed " +
    'above; no funding is charged, and no recorded spread: "deno task backtest" takes both. The hedge ' +
    "ratio and the z-score know only what came before.",
    ...spanMs < LEAST_SPAN_MS
      ? [`Ratios are per year, but from ${spanText(spanMs)} of bars: take none for a forecast.`]
      : [],
    ...metrics.reason === null ? [] : [`Some numbers are absent: ${metrics.reason}.`],
  ].join(" ");
}

function spanText(ms: number): string {
  if (ms < 2 * 3_600_000) return `${Math.round(ms / 60_000)} minutes`;
  return ms < 2 * DAY_MS
    ? `${Math.round(ms / 3_600_000)} hours`
    : `${Math.round(ms / DAY_MS)} days`;
}
