/// <reference lib="dom" />
import type { TestsReport } from "../../pair_tests.ts";
import { askOrThrow } from "../ask.ts";
import { ChoiceTabs } from "../choice_tabs.ts";
import { element } from "../dom.ts";
import { clock } from "../preferences.ts";
import { MinutesView } from "./minutes_view.ts";
import { type Settings, toQuery } from "./settings.ts";
import { testsView } from "./tests_view.ts";

/** The reports on a pair. */
export type ReportName = "tests" | "minutes";

const REFRESH_MS = 5_000;

/** Reports on a pair below its chart, made when they are asked for. */
export class Reports {
  readonly #body: HTMLElement;
  readonly #tabs: ChoiceTabs<ReportName>;
  readonly #minutes = new MinutesView(() => this.#ask());
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
    if (settings === null || name === null || settings.y === "" || settings.x === "") return;
    const { signal } = this.#asking = new AbortController();
    if (this.#body.childElementCount === 0) this.#body.replaceChildren(note("Computing …"));
    try {
      this.#show(await this.#make(name, settings, signal));
    } catch (error) {
      if (!signal.aborted) this.#show([note(`${(error as Error).message}.`)]);
    }
  }

  async #make(name: ReportName, settings: Settings, signal: AbortSignal): Promise<HTMLElement[]> {
    if (name === "minutes") {
      await this.#minutes.refresh(settings, signal);
      return [this.#minutes.root];
    }
    const report = await askOrThrow<TestsReport>(`api/tests?${toQuery(settings)}`, signal);
    return testsView(report, () => this.#ask());
  }

  #show(parts: readonly HTMLElement[]): void {
    const [only] = parts;
    if (parts.length > 1 || only !== this.#body.firstElementChild) {
      this.#body.replaceChildren(...parts);
    }
  }
}

function note(text: string): HTMLElement {
  return element("p", { class: "note" }, text);
}
