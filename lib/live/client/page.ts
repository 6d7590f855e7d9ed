/// <reference lib="dom" />
import type { Columns } from "../../charts/mod.ts";
import type { ChartState } from "./chart/chart.ts";
import { AlertsPage } from "./alerts/alerts_page.ts";
import { BacktestPage } from "./backtest/backtest_page.ts";
import { connectionTo } from "./connection.ts";
import { DataPage } from "./data/data_page.ts";
import { FilesPage } from "./files/files_page.ts";
import { PairPage } from "./pair/pair_page.ts";
import type { Settings } from "./pair/settings.ts";
import { clock } from "./preferences.ts";
import { showStatus } from "./status_view.ts";
import { UniversePage } from "./universe/universe_page.ts";
import { type ViewName, viewOf } from "./view_address.ts";

const TICK_MS = 1_000;

/** What tests and curious readers find on the page as `tandem`. */
export interface Page {
  /** What the chart shows, or `null` before there is one. */
  state(): (ChartState & { readonly title: string }) | null;
  /** The rows of the chart. */
  columns(): Columns | null;
  /** What is looked at. */
  settings(): Settings;
}

/** Brings the live page to life. */
export function startPage(document: Document): Page {
  return new LivePage(document);
}

/** A view of the page: shown with what the address says, hidden while another is shown. */
interface View {
  show(search: string): void;
  hide(): void;
}

class LivePage implements Page {
  readonly #document: Document;
  readonly #connection = connectionTo(document.baseURI);
  readonly #pair: PairPage;
  readonly #views: Readonly<Record<ViewName, View>>;
  /** The address each view was last left at, so that coming back finds it as it was. */
  readonly #left = new Map<ViewName, string>();
  #view: ViewName | null = null;

  constructor(document: Document) {
    this.#document = document;
    const connection = this.#connection;
    const addressed = (view: ViewName) => (params: URLSearchParams, isStep: boolean) => {
      if (view !== "pair") params.set("view", view);
      const search = `?${params}`;
      this.#left.set(view, search);
      if (this.#view === view) this.#remember(search, isStep);
      this.#showLinks();
    };
    const find = (id: string) => this.#find(id);
    this.#pair = new PairPage({ find, connection, addressed: addressed("pair") });
    this.#views = {
      pair: this.#pair,
      universe: new UniversePage({
        root: this.#section("universe"),
        connection,
        addressed: addressed("universe"),
      }),
      backtest: new BacktestPage({
        root: this.#section("backtest"),
        addressed: addressed("backtest"),
      }),
      data: new DataPage({ root: this.#section("data"), addressed: addressed("data") }),
      alerts: new AlertsPage({ root: this.#section("alerts"), addressed: addressed("alerts") }),
      files: new FilesPage(this.#section("files")),
    };
    this.#followLinks();
    this.#showClock();
    this.#showConnection();
    this.#show(document.location.search);
  }

  state(): (ChartState & { readonly title: string }) | null {
    return this.#pair.state();
  }

  columns(): Columns | null {
    return this.#pair.columns;
  }

  settings(): Settings {
    return this.#pair.settings;
  }

  #show(search: string): void {
    const view = viewOf(search);
    if (this.#view !== null && this.#view !== view) this.#views[this.#view].hide();
    this.#view = view;
    this.#left.set(view, search);
    for (const name of Object.keys(this.#views)) this.#section(name).hidden = name !== view;
    this.#showLinks();
    this.#find("simulated-words").textContent = view === "files"
      ? "Only what you open here may be real."
      : "No price here is real.";
    this.#views[view].show(search);
  }

  /** Links to other views are followed without loading the page again. */
  #followLinks(): void {
    this.#document.addEventListener("click", (event) => {
      const link = (event.target as Element).closest<HTMLAnchorElement>('a[href^="?"]');
      const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
      if (link === null || !isPlain) return;
      event.preventDefault();
      const search = link.getAttribute("href")!;
      this.#document.defaultView?.history.pushState(null, "", search);
      this.#show(search);
      this.#document.defaultView?.scrollTo(0, 0);
    });
    this.#document.defaultView?.addEventListener("popstate", () => {
      this.#show(this.#document.location.search);
    });
  }

  #showLinks(): void {
    for (const link of this.#find("views").querySelectorAll("a")) {
      const view = link.dataset.view as ViewName;
      link.setAttribute("href", this.#left.get(view) || `?view=${view}`);
      if (view === this.#view) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  #remember(search: string, isStep: boolean): void {
    const { history, location } = this.#document.defaultView!;
    if (search === location.search) return;
    if (isStep) history.pushState(null, "", search);
    else history.replaceState(null, "", search);
  }

  #showClock(): void {
    const button = this.#find("clock");
    const show = () => button.textContent = clock.label;
    button.addEventListener("click", () => clock.toggle());
    clock.watch(show);
    show();
  }

  #showConnection(): void {
    const show = () => {
      showStatus(this.#find("status"), this.#connection.state);
      this.#find("simulated").hidden = !this.#connection.state.simulated;
    };
    this.#connection.watch(show);
    setInterval(show, TICK_MS);
    this.#connection.open();
  }

  #find(id: string): HTMLElement {
    return this.#document.getElementById(id)!;
  }

  #section(view: string): HTMLElement {
    return this.#document.querySelector<HTMLElement>(`section[data-view="${view}"]`)!;
  }
}
