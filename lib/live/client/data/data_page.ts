/// <reference lib="dom" />
import { formatCount, formatTime } from "../../../charts/mod.ts";
import { type Gap, venueOf } from "../../../market/mod.ts";
import type { SymbolQuality, WriterHeartbeat } from "../../../store/mod.ts";
import type { Pulse } from "../../protocol.ts";
import { ask } from "../ask.ts";
import { DataTable, type TableSort } from "../data_table.ts";
import { element } from "../dom.ts";
import { clock } from "../preferences.ts";
import { GAP_COLUMNS } from "./gap_columns.ts";
import { age, bytes, Rates, SYMBOL_COLUMNS, type SymbolRow } from "./symbol_row.ts";

const LOOK_MS = 2_000;

/** What `/api/quality` answers. */
interface Quality extends Pulse {
  readonly quality: readonly SymbolQuality[];
  readonly gaps: readonly Gap[];
  readonly writer: WriterHeartbeat | null;
  readonly sizeBytes: number;
}

/** What the data view needs of the page. */
export interface DataPageOptions {
  readonly root: HTMLElement;
  readonly addressed: (params: URLSearchParams, isStep: boolean) => void;
}

/** The view of the data: whether every stream is alive and whether anything is missing. */
export class DataPage {
  readonly #options: DataPageOptions;
  readonly #rates = new Rates();
  readonly #tiles = element("dl", { class: "tiles" });
  readonly #find = element("input", {
    ...{ type: "search", placeholder: "Find a symbol", "aria-label": "Find a symbol" },
    spellcheck: false,
  });
  readonly #symbols: DataTable<SymbolRow>;
  readonly #gaps = new DataTable<Gap>({
    label: "Gaps, newest first",
    columns: GAP_COLUMNS,
    keyOf: (gap) => `${gap.symbol} ${gap.firstMissingId}`,
  });
  readonly #noGaps = element("p", { class: "note" }, "No trade id was ever skipped.");
  #timer: ReturnType<typeof setInterval> | undefined;
  #seen: Quality | null = null;
  #rows: readonly SymbolRow[] = [];
  #sort: TableSort = null;

  constructor(options: DataPageOptions) {
    this.#options = options;
    this.#symbols = new DataTable<SymbolRow>({
      label: "Streams",
      columns: SYMBOL_COLUMNS,
      keyOf: (row) => row.symbol,
      sorted: (sort) => {
        this.#sort = sort;
        this.#tell();
      },
    });
    this.#find.addEventListener("input", () => {
      this.#tell();
      this.#draw();
    });
    const head = (text: string, ...rest: Node[]) =>
      element("div", { class: "card-head" }, element("h2", {}, text), ...rest);
    options.root.replaceChildren(
      this.#tiles,
      element(
        "section",
        { class: "card" },
        head("Streams", this.#find),
        scroll(this.#symbols.root),
      ),
      element(
        "section",
        { class: "card" },
        head("Gaps in the trade ids"),
        this.#noGaps,
        scroll(this.#gaps.root),
      ),
    );
    clock.watch(() => this.#draw());
  }

  /** Shows what an address names. */
  show(search: string): void {
    const params = new URLSearchParams(search);
    const key = params.get("sort");
    this.#find.value = params.get("find") ?? "";
    this.#sort = key === null ? null : { key, descends: params.get("order") === "desc" };
    this.#symbols.sort = this.#sort;
    document.title = "Data, Tandem";
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#look();
  }

  /** Stops looking. */
  hide(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (document.hidden) return;
    const seen = await ask<Quality>("api/quality");
    if (seen === null) return;
    this.#seen = seen;
    this.#rows = this.#rates.rows(seen.quality, performance.now(), Date.now());
    this.#draw();
  }

  #tell(): void {
    const params = new URLSearchParams();
    if (this.#find.value !== "") params.set("find", this.#find.value);
    if (this.#sort !== null) {
      params.set("sort", this.#sort.key);
      params.set("order", this.#sort.descends ? "desc" : "asc");
    }
    this.#options.addressed(params, false);
  }

  #draw(): void {
    if (this.#seen === null) return;
    const { gaps } = this.#seen;
    const rows = this.#rows;
    const wanted = this.#find.value.trim().toUpperCase();
    this.#symbols.show(rows.filter((row) => row.symbol.toUpperCase().includes(wanted)));
    this.#gaps.show(gaps);
    this.#noGaps.hidden = gaps.length > 0;
    this.#gaps.root.parentElement!.hidden = gaps.length === 0;
    this.#tiles.replaceChildren(...tiles(this.#seen, rows));
  }
}

function scroll(table: HTMLElement): HTMLElement {
  return element("div", { class: "scroll" }, table);
}

function tiles({ writer, sizeBytes, quietMs }: Quality, rows: readonly SymbolRow[]): HTMLElement[] {
  const sum = (key: "stored" | "gapsOpen" | "gapsLost" | "late" | "quarantined") =>
    rows.reduce((total, row) => total + row[key], 0);
  const lags = rows.flatMap((row) => row.lagMs ?? []);
  const rates = rows.flatMap((row) => row.perSecond ?? []);
  const missing = sum("gapsOpen") + sum("gapsLost");
  const isCounted = rows.every(({ symbol }) => venueOf(symbol)?.promises.denseIds !== false);
  const started = writer === null ? "never" : formatTime(writer.startedAtMs, 1_000, clock.zone);
  return [
    tile(
      "Symbols",
      String(rows.length),
      `${rows.filter((r) => r.reconnects > 0).length} reconnected`,
    ),
    tile(
      "Trades per second",
      rates.length === 0 ? "–" : rates.reduce((a, b) => a + b, 0).toFixed(1),
      `${sum("stored").toLocaleString("en")} stored`,
    ),
    tile(
      "Missing",
      missing === 0 ? (isCounted ? "Nothing" : "Nothing known") : formatCount(missing, "gap"),
      `${sum("gapsOpen")} open, ${sum("gapsLost")} lost` +
        (isCounted ? "" : "; not every venue counts its trades"),
      missing > 0,
    ),
    tile(
      "Longest without a trade",
      age(lags.length === 0 ? null : Math.max(...lags)),
      "of all symbols",
    ),
    tile("Late trades", sum("late").toLocaleString("en"), "their bars were rebuilt"),
    tile("Set aside", sum("quarantined").toLocaleString("en"), "no market trades"),
    tile("Database", bytes(sizeBytes), quietMs === null ? "" : `changed ${age(quietMs)} ago`),
    tile("Writer", writer === null ? "None" : `Process ${writer.pid}`, `started ${started}`),
  ];
}

function tile(name: string, value: string, more: string, isBad = false): HTMLElement {
  return element(
    "div",
    {},
    element("dt", {}, name),
    element("dd", isBad ? { class: "bad" } : {}, value),
    element("dd", { class: "more" }, more),
  );
}
