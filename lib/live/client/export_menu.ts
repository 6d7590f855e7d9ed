/// <reference lib="dom" />
import { formatCount, formatTime } from "../../charts/mod.ts";
import type { DownloadState } from "../downloads.ts";
import { ask } from "./ask.ts";
import { element } from "./dom.ts";
import { clock } from "./preferences.ts";

/** A table that can be exported. */
export interface ExportOffer {
  /** What the hub calls it. */
  readonly what: "trades" | "bars" | "readings" | "screen" | "trips" | "equity";
  readonly label: string;
  /** The parameters that say which. */
  readonly query: URLSearchParams;
}

/** A stretch of time that can be exported, ms since the epoch; a missing end is open. */
export interface ExportRange {
  readonly label: string;
  readonly fromMs?: number;
  readonly toMs?: number;
}

const FORMATS = { csv: "CSV", "csv.gz": "CSV, gzipped", parquet: "Parquet" };
const LOOK_MS = 400;
/** A browser that asks first, or refuses, has not begun after this. */
const PATIENCE_MS = 60_000;

/** A menu that saves tables as files, and tells how many rows they have by now. */
export class ExportMenu {
  readonly root: HTMLDetailsElement;
  readonly #offers: () => readonly ExportOffer[];
  readonly #ranges: () => readonly ExportRange[];
  readonly #what = element("select", { name: "what" });
  readonly #range = element("select", { name: "range" });
  readonly #format = element(
    "select",
    { name: "format" },
    ...Object.entries(FORMATS).map(([value, label]) => element("option", { value }, label)),
  );
  readonly #said = element("p", { class: "note", role: "status" });
  /** Tells the newest download from earlier ones. */
  #newest = "";

  /**
   * Makes it.
   *
   * @param offers What can be exported now, asked for when the menu is opened.
   * @param ranges Which stretches; none where everything is meant.
   */
  constructor(
    offers: () => readonly ExportOffer[],
    ranges: () => readonly ExportRange[] = () => [],
  ) {
    this.#offers = offers;
    this.#ranges = ranges;
    const label = (text: string, control: HTMLElement) => element("label", {}, `${text} `, control);
    const form = element(
      "form",
      { class: "controls", "aria-label": "Export" },
      label("Table", this.#what),
      label("Rows", this.#range),
      label("As", this.#format),
      element("button", { type: "submit" }, "Download"),
      this.#said,
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#download();
    });
    this.root = element("details", { class: "export" }, element("summary", {}, "Export"), form);
    this.root.addEventListener("toggle", () => this.root.open && this.#offer());
  }

  #offer(): void {
    fill(this.#what, this.#offers().map(({ label }) => label));
    const ranges = this.#ranges();
    fill(this.#range, ranges.map(({ label }) => label));
    this.#range.parentElement!.hidden = ranges.length === 0;
    this.#said.textContent = "";
  }

  #download(): void {
    const offer = this.#offers()[this.#what.selectedIndex];
    if (offer === undefined) return this.#say("There is nothing to export yet.");
    const range = this.#ranges()[this.#range.selectedIndex] ?? {};
    const id = this.#newest = crypto.getRandomValues(new Uint32Array(4)).join("-");
    const query = new URLSearchParams(offer.query);
    const { what } = offer;
    for (const [name, value] of Object.entries({ what, format: this.#format.value, id })) {
      query.set(name, value);
    }
    const { fromMs, toMs } = range as Partial<ExportRange>;
    if (fromMs !== undefined) query.set("from", String(Math.floor(fromMs)));
    if (toMs !== undefined) query.set("to", String(Math.ceil(toMs)));
    const link = element("a", { href: `api/export?${query}`, download: "", hidden: true });
    this.root.append(link);
    link.click();
    link.remove();
    this.#say("Asking …");
    this.#follow(id, performance.now());
  }

  /** Tells how far a download is until it ends, or another one begins. */
  async #follow(id: string, sinceMs: number): Promise<void> {
    const found = await ask<DownloadState>(`api/export/state?id=${id}`);
    if (id !== this.#newest) return;
    if (found !== null) this.#say(wordsOf(found));
    const isOver = found?.state === "done" || found?.state === "stopped" ||
      found?.state === "waiting" && performance.now() - sinceMs > PATIENCE_MS;
    if (!isOver) setTimeout(() => this.#follow(id, sinceMs), LOOK_MS);
  }

  #say(text: string): void {
    this.#said.textContent = text;
  }
}

function wordsOf({ state, rows, atMs, reason }: DownloadState): string {
  const count = formatCount(rows, "row");
  const at = atMs === null ? "" : `, at ${formatTime(atMs, 60_000, clock.zone)}`;
  switch (state) {
    case "waiting":
      return "Waiting for the browser to begin …";
    case "running":
      return `${count} so far${at} …`;
    case "done":
      return `Sent: ${count}.`;
    case "stopped":
      return rows > 0 ? `Stopped after ${count}: ${reason}.` : `${reason}.`;
  }
}

/** Offers choices; the place of the one that was chosen stays chosen. */
function fill(select: HTMLSelectElement, labels: readonly string[]): void {
  const chosen = Math.max(0, select.selectedIndex);
  select.replaceChildren(...labels.map((label) => element("option", {}, label)));
  select.selectedIndex = Math.min(chosen, labels.length - 1);
}
