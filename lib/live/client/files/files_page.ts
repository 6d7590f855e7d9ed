/// <reference lib="dom" />
import { type Chart, mount } from "../chart/chart.ts";
import { freshMemory } from "../chart/memory.ts";
import { element } from "../dom.ts";
import { candlesOf, pairOf } from "./file_chart.ts";
import { KeepView } from "./keep_view.ts";
import type * as FileTools from "./file_tools.ts";
import type { OpenedFile, OpenedSeries } from "./opened_files.ts";

const METHODS = {
  "rolling-ols": "Rolling fit (OLS)",
  ols: "One fit (OLS)",
  kalman: "Kalman filter",
};
const SCALES = { log: "Log", level: "Level" };

/** The view of files of bars: they are read by the browser and go nowhere. */
export class FilesPage {
  readonly #input = element("input", {
    ...{
      type: "file",
      multiple: true,
      accept: ".csv,.txt,.tsv,.gz,.zip,.parquet,.json,.jsonl,.ndjson",
      id: "files-input",
    },
  });
  readonly #y = element("select", { name: "y" });
  readonly #x = element("select", { name: "x" });
  readonly #window = element("input", {
    ...{ name: "window", type: "number", min: 3, max: 100_000, step: 1, value: 60, required: true },
  });
  readonly #method = choice("method", METHODS);
  readonly #scale = choice("scale", SCALES);
  readonly #form: HTMLFormElement;
  readonly #said = element("div", { class: "note", "aria-live": "polite" });
  readonly #host = element("div", { class: "chart", id: "files-chart", hidden: true });
  readonly #keep = new KeepView();
  readonly #memory = freshMemory();
  readonly #files = new Map<string, OpenedFile>();
  #tools: typeof FileTools | null = null;
  #chart: Chart | null = null;

  constructor(root: HTMLElement) {
    this.#form = element(
      "form",
      { class: "controls", "aria-label": "Pair of files", hidden: true },
      element("label", { class: "leg leg-y" }, "Dependent leg ", this.#y),
      element("label", { class: "leg leg-x" }, "Hedge leg ", this.#x),
      element("label", { class: "number" }, "Window ", this.#window),
      element("label", {}, "Hedge ratio ", this.#method),
      element("label", {}, "Prices ", this.#scale),
    );
    const drop = element(
      "label",
      { class: "drop", for: "files-input" },
      element("b", {}, "Open files of bars"),
      " or drop them here: CSV with times, open, high, low, close and volume, also gzipped. ",
      "They are read by this browser and sent nowhere; two make a pair. ",
      "What you keep goes into the database, also trades, zips and Parquet.",
      this.#input,
    );
    root.replaceChildren(drop, this.#form, this.#said, this.#keep.root, this.#host);
    this.#listen(drop);
  }

  /** Shows what was opened. */
  show(): void {
    document.title = "Files, Tandem";
    this.#keep.look();
  }

  /** What was opened stays. */
  hide(): void {}

  #listen(drop: HTMLElement): void {
    this.#input.addEventListener("change", () => {
      this.#take([...this.#input.files ?? []]);
      this.#input.value = "";
    });
    drop.addEventListener("dragover", (event) => event.preventDefault());
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      this.#take([...event.dataTransfer?.files ?? []]);
    });
    this.#form.addEventListener("change", () => {
      if (this.#form.reportValidity()) this.#draw();
    });
    this.#form.addEventListener("submit", (event) => event.preventDefault());
  }

  async #take(files: readonly File[]): Promise<void> {
    this.#keep.offer(files);
    const problems: string[] = [];
    for (const file of files) {
      try {
        this.#tools ??= await import(
          new URL("files.js", document.baseURI).href
        ) as typeof FileTools;
        this.#files.set(file.name, await this.#tools.openFile(file));
      } catch (error) {
        problems.push(`${(error as Error).message}.`);
      }
    }
    this.#offer();
    this.#say(problems);
    this.#draw();
  }

  get #series(): ReadonlyMap<string, OpenedSeries> {
    const all = [...this.#files.values()].flatMap(({ series }) => series);
    return new Map(all.map((series) => [series.symbol, series]));
  }

  #offer(): void {
    const symbols = [...this.#series.keys()];
    const options = () => symbols.map((symbol) => element("option", {}, symbol));
    const [y, x] = [this.#y.value, this.#x.value];
    this.#y.replaceChildren(...options());
    this.#x.replaceChildren(element("option", { value: "" }, "None: candles"), ...options());
    if (symbols.includes(y)) this.#y.value = y;
    this.#x.value = x !== "" && symbols.includes(x)
      ? x
      : symbols.find((symbol) => symbol !== this.#y.value) ?? "";
    this.#form.hidden = symbols.length === 0;
  }

  #say(problems: readonly string[]): void {
    const lines = [...problems, ...[...this.#files.values()].map(({ words }) => words)];
    const refused = [...this.#files.values()].flatMap(({ name, refused }) =>
      refused.map((text) => `${name}, ${text.toLowerCase()}`)
    );
    this.#said.replaceChildren(
      ...lines.map((line) => element("p", {}, line)),
      ...(refused.length === 0 ? [] : [
        element(
          "details",
          {},
          element("summary", {}, "Rows that were refused"),
          element("ul", {}, ...refused.map((line) => element("li", {}, line))),
        ),
      ]),
    );
  }

  #draw(): void {
    const y = this.#series.get(this.#y.value);
    if (y === undefined) return;
    const other = this.#x.value === y.symbol ? "" : this.#x.value;
    const x = this.#series.get(other) ?? null;
    const options = {
      windowBars: this.#window.valueAsNumber,
      method: this.#method.value as keyof typeof METHODS,
      scale: this.#scale.value as keyof typeof SCALES,
    };
    try {
      const { spec, columns } = x === null
        ? candlesOf(y)
        : pairOf(y, x, options, this.#tools!.fileReadings);
      this.#chart?.destroy();
      this.#host.hidden = false;
      this.#chart = mount(this.#host, spec, columns, { memory: this.#memory });
    } catch (error) {
      this.#say([`${(error as Error).message}.`]);
    }
  }
}

function choice(name: string, choices: Readonly<Record<string, string>>): HTMLSelectElement {
  return element(
    "select",
    { name },
    ...Object.entries(choices).map(([value, label]) => element("option", { value }, label)),
  );
}
