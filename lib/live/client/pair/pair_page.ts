/// <reference lib="dom" />
import type { Columns } from "../../../charts/mod.ts";
import type { StoredSymbol, SymbolQuality } from "../../../store/mod.ts";
import type { Summary } from "../../protocol.ts";
import { ask } from "../ask.ts";
import type { ChartState } from "../chart/chart.ts";
import { type ChartMemory, freshMemory } from "../chart/memory.ts";
import { ChoiceTabs } from "../choice_tabs.ts";
import type { Connection } from "../connection.ts";
import { ExportMenu } from "../export_menu.ts";
import { LiveChart } from "../live_chart.ts";
import { spanOf, writeSpan } from "../view_address.ts";
import { Controls } from "./controls.ts";
import { showQuality } from "./leg_quality.ts";
import { pairOffers, pairRanges } from "./pair_exports.ts";
import { type ReportName, Reports } from "./reports.ts";
import {
  type ChartChoice,
  readSettings,
  type Settings,
  settingsParams,
  toQuery,
  toRequest,
} from "./settings.ts";
import { showSummary } from "./summary_view.ts";
import { Watchlist } from "./watchlist.ts";

const LOOK_MS = 5_000;

/** What the pair view needs of the page. */
export interface PairPageOptions {
  readonly find: (id: string) => HTMLElement;
  readonly connection: Connection;
  /** The address changed by the reader's doing; `isStep` if going back should undo it. */
  readonly addressed: (params: URLSearchParams, isStep: boolean) => void;
}

/** The view of one pair: controls, what there is to say, chart, reports, watchlist. */
export class PairPage {
  readonly #options: PairPageOptions;
  readonly #controls: Controls;
  readonly #tabs: ChoiceTabs<ChartChoice>;
  readonly #reports: Reports;
  readonly #watchlist: Watchlist;
  #settings: Settings = readSettings("");
  #report: ReportName | null = null;
  #memory: ChartMemory = freshMemory();
  #chart: LiveChart | null = null;
  #isShown = false;

  constructor(options: PairPageOptions) {
    const { find, connection } = this.#options = options;
    this.#controls = new Controls(
      find("controls") as HTMLFormElement,
      find("swap"),
      (settings) => this.#choose(settings),
    );
    this.#tabs = new ChoiceTabs<ChartChoice>(
      find("charts"),
      [["pair", "Pair"], ["y", "y"], ["x", "x"]],
      (chart) => this.#choose({ ...this.#settings, chart: chart ?? "pair" }),
    );
    this.#reports = new Reports(find("reports"), find("report"), (report) => {
      this.#report = report;
      this.#tell(false);
    });
    this.#watchlist = new Watchlist(find("watchlist"), connection, () => this.#showWatched());
    find("watch").addEventListener("click", () => this.#watchlist.toggle(this.#settings));
    const exports = new ExportMenu(
      () => pairOffers(this.#settings),
      () => pairRanges(this.state(), this.columns),
    );
    find("csv").parentElement!.after(exports.root);
    setInterval(() => this.#look(), LOOK_MS);
  }

  /** Shows what an address names. */
  show(search: string): void {
    this.#isShown = true;
    const settings = readSettings(search);
    const report = new URLSearchParams(search).get("report");
    this.#memory.view = spanOf(search);
    this.#report = report === "tests" || report === "minutes" ? report : null;
    this.#reports.open = this.#report;
    this.#settings = settings;
    if (settings.y !== "" && settings.x !== "") this.#open(settings);
    else this.#controls.show(settings);
    this.#look();
  }

  /** Lets go of the chart while another view is shown. */
  hide(): void {
    this.#isShown = false;
    this.#chart?.destroy();
    this.#chart = null;
    this.#watchlist.current = null;
  }

  /** What the chart shows, or `null` before there is one. */
  state(): (ChartState & { readonly title: string }) | null {
    const chart = this.#chart?.chart;
    return chart ? { ...chart.state(), title: chart.spec.title } : null;
  }

  /** The rows of the chart. */
  get columns(): Columns | null {
    return this.#chart?.chart?.columns ?? null;
  }

  /** What is looked at. */
  get settings(): Settings {
    return this.#settings;
  }

  /** The reader chose something else; another interval has another history. */
  #choose(settings: Settings): void {
    if (settings.interval !== this.#settings.interval) this.#memory.view = { followedMs: null };
    this.#settings = settings;
    this.#tell(true);
    this.#open(settings);
  }

  #tell(isStep: boolean): void {
    const params = settingsParams(this.#settings);
    if (this.#report !== null) params.set("report", this.#report);
    writeSpan(params, this.#memory.view);
    this.#options.addressed(params, isStep);
  }

  #open(settings: Settings): void {
    const { find, connection } = this.#options;
    const { y, x } = this.#settings = settings;
    this.#controls.show(settings);
    this.#tabs.show(settings.chart);
    this.#tabs.label("y", `${y} candles`);
    this.#tabs.label("x", `${x} candles`);
    document.title = `${y} and ${x}, Tandem`;
    for (const [id, path] of [["csv", "export"], ["json", "pair"]] as const) {
      find(id).setAttribute("href", `api/${path}?${toQuery(settings)}`);
    }
    find("backtest").setAttribute("href", `?view=backtest&${settingsParams(settings)}`);
    find("alert").setAttribute("href", `?${alertParams(settings)}`);
    this.#reports.settings = settings;
    this.#watchlist.current = settings;
    this.#summarize(null);
    this.#chart = new LiveChart(find("chart"), connection, toRequest(settings), {
      summarized: (summary) => this.#summarize(summary),
      moved: () => this.#tell(false),
      failed: ({ message }) => {
        const sentence = find("sentence");
        sentence.textContent = `${message}.`;
        sentence.classList.add("problem");
      },
    }, { memory: this.#memory, replaces: this.#chart });
    this.#look();
  }

  #summarize(summary: Summary | null): void {
    const { find } = this.#options;
    const places = {
      sentence: find("sentence"),
      verdict: find("verdict"),
      figures: find("figures"),
    };
    const { chart } = this.#settings;
    find("sentence").closest("section")!.hidden = chart !== "pair";
    showSummary(places, summary, this.#settings);
  }

  #showWatched(): void {
    const button = this.#options.find("watch");
    const isWatched = this.#watchlist?.has(this.#settings) ?? false;
    button.setAttribute("aria-pressed", String(isWatched));
    button.textContent = isWatched ? "★ Watched" : "☆ Watch";
  }

  /** Asks for what changes slowly: the symbols and their quality. */
  async #look(): Promise<void> {
    if (!this.#isShown || document.hidden) return;
    const [known, counted] = await Promise.all([
      ask<{ symbols: StoredSymbol[] }>("api/symbols"),
      ask<{ quality: SymbolQuality[] }>("api/quality"),
    ]);
    if (!this.#isShown) return;
    const symbols = known?.symbols.map(({ symbol }) => symbol) ?? [];
    const quality = counted?.quality ?? [];
    if (symbols.length > 0) this.#controls.offer(symbols);
    const { y, x } = this.#settings;
    showQuality(this.#options.find("quality"), quality, [y, x]);
    if (symbols.length >= 2 && this.#chart === null) this.#fillIn(symbols, quality);
  }

  /** Fills in the legs that the address does not name: the busiest symbols. */
  #fillIn(symbols: readonly string[], quality: readonly SymbolQuality[]): void {
    const stored = new Map(quality.map((q) => [q.symbol, q.stored]));
    const busiest = symbols.toSorted((a, b) => (stored.get(b) ?? 0) - (stored.get(a) ?? 0));
    const settings = { ...this.#settings };
    settings.x ||= busiest.find((symbol) => symbol !== settings.y)!;
    settings.y ||= busiest.find((symbol) => symbol !== settings.x)!;
    this.#settings = settings;
    this.#tell(false);
    this.#open(settings);
  }
}

/** The address at which an alert on a pair's z-score is made. */
function alertParams({ y, x, interval, window }: Settings): URLSearchParams {
  const rule = { watch: "z-score", y, x, interval, window: String(window) };
  return new URLSearchParams({ view: "alerts", ...rule });
}
