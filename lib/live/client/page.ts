/// <reference lib="dom" />
import type { Columns } from "../../charts/mod.ts";
import type { StoredSymbol, SymbolQuality } from "../../store/mod.ts";
import type { Summary } from "../protocol.ts";
import type { ChartState } from "./chart/chart.ts";
import { connectionTo } from "./connection.ts";
import { Controls } from "./pair/controls.ts";
import { LiveChart } from "./live_chart.ts";
import { showQuality } from "./pair/leg_quality.ts";
import { readSettings, type Settings, toQuery, toRequest, writeSettings } from "./pair/settings.ts";
import { showStatus } from "./status_view.ts";
import { showSummary } from "./pair/summary_view.ts";

const LOOK_MS = 5_000;
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

class LivePage implements Page {
  readonly #document: Document;
  readonly #connection = connectionTo(document.baseURI);
  readonly #controls: Controls;
  #settings: Settings;
  #chart: LiveChart | null = null;

  constructor(document: Document) {
    this.#document = document;
    this.#settings = readSettings(document.location.search);
    const form = this.#find("controls") as HTMLFormElement;
    this.#controls = new Controls(form, this.#find("swap"), (settings) => {
      document.defaultView?.history.pushState(null, "", writeSettings(settings));
      this.#show(settings);
    });
    document.defaultView?.addEventListener("popstate", () => {
      this.#show(readSettings(document.location.search));
    });
    const showState = () => {
      showStatus(this.#find("status"), this.#connection.state);
      this.#find("simulated").hidden = !this.#connection.state.simulated;
    };
    this.#connection.watch(showState);
    setInterval(showState, TICK_MS);
    setInterval(() => this.#look(), LOOK_MS);
    this.#controls.show(this.#settings);
    if (this.#settings.y !== "" && this.#settings.x !== "") this.#show(this.#settings);
    this.#look();
  }

  state(): (ChartState & { readonly title: string }) | null {
    const chart = this.#chart?.chart;
    return chart ? { ...chart.state(), title: chart.spec.title } : null;
  }

  columns(): Columns | null {
    return this.#chart?.chart?.columns ?? null;
  }

  settings(): Settings {
    return this.#settings;
  }

  #show(settings: Settings): void {
    this.#settings = settings;
    this.#controls.show(settings);
    this.#document.title = `${settings.y} and ${settings.x}, Tandem`;
    for (const [id, path] of [["csv", "export"], ["json", "pair"]] as const) {
      this.#find(id).setAttribute("href", `api/${path}?${toQuery(settings)}`);
    }
    this.#chart?.destroy();
    this.#summarize(null);
    this.#chart = new LiveChart(this.#find("chart"), this.#connection, toRequest(settings), {
      summarized: (summary) => this.#summarize(summary),
      failed: ({ message }) => {
        const sentence = this.#find("sentence");
        sentence.textContent = `${message}.`;
        sentence.classList.add("problem");
      },
    });
    this.#look();
  }

  #summarize(summary: Summary | null): void {
    const places = {
      sentence: this.#find("sentence"),
      verdict: this.#find("verdict"),
      figures: this.#find("figures"),
    };
    showSummary(places, summary, this.#settings);
  }

  /** Asks for what changes slowly: the symbols and their quality. */
  async #look(): Promise<void> {
    const [known, counted] = await Promise.all([
      ask<{ symbols: StoredSymbol[] }>(this.#document, "api/symbols"),
      ask<{ quality: SymbolQuality[] }>(this.#document, "api/quality"),
    ]);
    const symbols = known?.symbols.map(({ symbol }) => symbol) ?? [];
    const quality = counted?.quality ?? [];
    if (symbols.length > 0) this.#controls.offer(symbols);
    showQuality(this.#find("quality"), quality, [this.#settings.y, this.#settings.x]);
    if (symbols.length >= 2 && this.#chart === null) this.#choose(symbols, quality);
  }

  /** Fills in the legs that the address does not name: the busiest symbols. */
  #choose(symbols: readonly string[], quality: readonly SymbolQuality[]): void {
    const stored = new Map(quality.map((q) => [q.symbol, q.stored]));
    const busiest = symbols.toSorted((a, b) => (stored.get(b) ?? 0) - (stored.get(a) ?? 0));
    const settings = { ...this.#settings };
    settings.x ||= busiest.find((symbol) => symbol !== settings.y)!;
    settings.y ||= busiest.find((symbol) => symbol !== settings.x)!;
    this.#document.defaultView?.history.replaceState(null, "", writeSettings(settings));
    this.#show(settings);
  }

  #find(id: string): HTMLElement {
    return this.#document.getElementById(id)!;
  }
}

/** The answer, or `null` while there is none. */
async function ask<T>(document: Document, path: string): Promise<T | null> {
  try {
    const response = await fetch(new URL(path, document.baseURI));
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}
