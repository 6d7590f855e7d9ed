/// <reference lib="dom" />
import { heatMap } from "../../../charts/mod.ts";
import type { EncodedMatrix } from "../../../universe/mod.ts";
import type { ScreenUpdate } from "../../protocol.ts";
import { ask } from "../ask.ts";
import { ChoiceTabs } from "../choice_tabs.ts";
import type { Connection } from "../connection.ts";
import { DataTable } from "../data_table.ts";
import { element } from "../dom.ts";
import { ExportMenu } from "../export_menu.ts";
import { readSettings, settingsParams } from "../pair/settings.ts";
import { HeatView } from "./heat_view.ts";
import { heatLegend, heatWords } from "./heat_words.ts";
import { type Ranked, RANKED_COLUMNS, rankedRows } from "./ranked_row.ts";
import { showTrust } from "./trust.ts";
import { type UniverseFrame, universeFrame } from "./universe_frame.ts";
import {
  matrixQuery,
  readUniverse,
  screenRequest,
  universeParams,
  type UniverseSettings,
} from "./universe_settings.ts";

/** The heat map is asked for again after this long, or after this many times as long as it took. */
const LEAST_REST_MS = 5_000;
const REST = 150;
/** Not longer, as the hub may only have been busy with reading stored bars. */
const MOST_REST_MS = 15_000;

/** What the universe view needs of the page. */
export interface UniversePageOptions {
  readonly root: HTMLElement;
  readonly connection: Connection;
  readonly addressed: (params: URLSearchParams, isStep: boolean) => void;
}

/** The view of all pairs: a ranking that changes in place, and a heat map. */
export class UniversePage {
  readonly #options: UniversePageOptions;
  readonly #frame: UniverseFrame;
  readonly #table: DataTable<Ranked>;
  readonly #heat: HeatView;
  readonly #parts: ChoiceTabs<UniverseSettings["part"]>;
  #settings: UniverseSettings = readUniverse("");
  #asked = "";
  #rows: readonly Ranked[] = [];
  #symbols: readonly string[] = [];
  /** The newest bar of the screen, and of which question and bar the heat map is. */
  #openTimeMs: number | null = null;
  #mapped: { readonly asked: string; readonly openTimeMs: number | null } = {
    asked: "",
    openTimeMs: null,
  };
  #unsubscribe: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: UniversePageOptions) {
    this.#options = options;
    this.#table = new DataTable<Ranked>({
      label: "Ranked pairs",
      columns: RANKED_COLUMNS,
      keyOf: (row) => [row.y, row.x].toSorted().join(" "),
      hrefOf: (row) => this.#hrefOf(row.y, row.x),
      sorted: (sort) => this.#change({ ...this.#settings, sort }),
    });
    this.#heat = new HeatView({
      pointed: (cell) => {
        const { said } = this.#frame;
        const text = cell === null ? "" : heatWords(this.#heat.describe(cell), this.#settings.part);
        if (said.textContent !== text) said.textContent = text;
      },
      opened: (cell) => {
        const { y, x } = this.#heat.describe(cell);
        this.#open(y, x);
      },
    });
    const exports = new ExportMenu(() => {
      const { kind: _, limit: _limit, ...asked } = screenRequest(this.#settings, this.#symbols);
      const query = Object.entries(asked).map(([name, value]) => [name, String(value)]);
      return [{ what: "screen", label: "Ranking", query: new URLSearchParams(query) }];
    });
    this.#frame = universeFrame(
      ...[options.root, this.#table.root, this.#heat.root, exports.root] as const,
    );
    this.#parts = new ChoiceTabs(
      this.#frame.parts,
      [["correlation", "Correlation"], ["pValue", "p-value"]],
      (part) => this.#change({ ...this.#settings, part: part ?? "correlation" }),
    );
    this.#frame.heatTools.append(
      tool("−", "Zoom out", () => this.#heat.magnify(1 / 1.5)),
      tool("+", "Zoom in", () => this.#heat.magnify(1.5)),
      tool("All", "Show all cells", () => this.#heat.reset()),
    );
    this.#listen();
  }

  /** Shows what an address names. */
  show(search: string): void {
    document.title = "Universe, Tandem";
    this.#settings = readUniverse(search);
    this.#fillForm();
    this.#table.sort = this.#settings.sort;
    this.#parts.show(this.#settings.part);
    this.#frame.legend.replaceChildren(...heatLegend(this.#settings.part));
    this.#subscribe();
    this.#askMatrix();
  }

  /** Asks for nothing while another view is shown. */
  hide(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    this.#asked = "";
    clearTimeout(this.#timer);
  }

  #listen(): void {
    const { form } = this.#frame;
    const read = () => {
      const params = new URLSearchParams();
      for (const [name, value] of new FormData(form)) params.set(name, String(value).trim());
      const { part, sort, interval } = this.#settings;
      // Another interval has another window that suits it.
      if (params.get("interval") !== interval) params.delete("window");
      if (form.reportValidity()) this.#change({ ...readUniverse(`?${params}`), part, sort });
    };
    form.addEventListener("change", read);
    form.addEventListener("input", (event) => {
      if ((event.target as HTMLInputElement).name === "find") read();
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    this.#table.root.addEventListener("pointerover", (event) => {
      const link = (event.target as Element).closest("tr")?.querySelector("a");
      const params = new URLSearchParams(link?.getAttribute("href") ?? "");
      this.#heat.point(params.get("y"), params.get("x"));
    });
    this.#table.root.addEventListener("pointerleave", () => this.#heat.point(null, null));
  }

  #change(settings: UniverseSettings): void {
    const before = this.#settings;
    this.#settings = settings;
    this.#options.addressed(universeParams(settings), false);
    this.#parts.show(settings.part);
    this.#frame.legend.replaceChildren(...heatLegend(settings.part));
    this.#fillForm();
    this.#subscribe();
    this.#draw();
    if (matrixQuery(settings) !== matrixQuery(before)) this.#askMatrix();
  }

  #fillForm(): void {
    const { form } = this.#frame;
    for (const [name, value] of Object.entries(this.#settings)) {
      const field = form.elements.namedItem(name) as HTMLInputElement | RadioNodeList | null;
      const text = value === null ? "" : String(value);
      if (field !== null && field.value !== text && field !== document.activeElement) {
        field.value = text;
      }
    }
  }

  #subscribe(): void {
    const request = screenRequest(this.#settings, this.#symbols);
    const asked = JSON.stringify(request);
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.#unsubscribe?.();
    this.#unsubscribe = this.#options.connection.subscribe(request, {
      message: (message) => {
        if (message.op === "screen") this.#take(message.screen);
      },
      failed: ({ message }) => {
        this.#frame.summary.textContent = `${message}.`;
      },
    });
  }

  #take(update: ScreenUpdate): void {
    this.#openTimeMs = update.openTimeMs;
    this.#rows = rankedRows(update);
    showTrust(this.#frame, update);
    this.#frame.count.textContent = `${
      Math.min(this.#rows.length, update.matching).toLocaleString("en")
    } of ${update.matching.toLocaleString("en")}`;
    this.#draw();
  }

  #draw(): void {
    const { find } = this.#settings;
    const has = (symbol: string) => symbol.toUpperCase().includes(find);
    const shown = this.#rows.filter(({ y, x }) => has(y) || has(x));
    this.#table.show(shown);
    this.#frame.empty.hidden = shown.length > 0;
  }

  async #askMatrix(): Promise<void> {
    clearTimeout(this.#timer);
    const startedMs = performance.now();
    const asked = matrixQuery(this.#settings);
    const isNew = asked !== this.#mapped.asked || this.#openTimeMs !== this.#mapped.openTimeMs;
    const matrix = document.hidden || !isNew
      ? null
      : await ask<EncodedMatrix>(`api/screen/matrix?${asked}`);
    if (this.#unsubscribe === null || asked !== matrixQuery(this.#settings)) return;
    if (matrix !== null) {
      this.#mapped = { asked, openTimeMs: matrix.openTimeMs };
      this.#symbols = matrix.symbols;
      this.#heat.show(heatMap(matrix, this.#settings.part));
    }
    clearTimeout(this.#timer);
    const restMs = Math.max(LEAST_REST_MS, REST * (performance.now() - startedMs));
    this.#timer = setTimeout(() => this.#askMatrix(), Math.min(MOST_REST_MS, restMs));
  }

  #hrefOf(y: string, x: string): string {
    const { interval } = this.#settings;
    return `?${settingsParams({ ...readSettings(""), y, x, interval })}`;
  }

  #open(y: string, x: string): void {
    const link = element("a", { href: this.#hrefOf(y, x), hidden: true });
    this.#options.root.append(link);
    link.click();
    link.remove();
  }
}

function tool(text: string, title: string, onclick: () => void): HTMLElement {
  return element("button", { type: "button", title, "aria-label": title, onclick }, text);
}
