/// <reference lib="dom" />
import type { MinuteRow } from "../../minute_rows.ts";
import { askOrThrow } from "../ask.ts";
import { DataTable } from "../data_table.ts";
import { element } from "../dom.ts";
import { MINUTE_COLUMNS } from "./minute_columns.ts";
import { type Settings, toQuery } from "./settings.ts";

const SHOWN = 240;
const WINDOWS = [5, 10, 20, 60, 120, 240];
const DEFAULT_WINDOW = 20;

/** Statistics of a pair per minute: a table that changes in place, and a link to the file. */
export class MinutesView {
  readonly root: HTMLElement;
  readonly #table = new DataTable<MinuteRow>({
    label: "Statistics per minute",
    columns: MINUTE_COLUMNS,
    keyOf: (row) => String(row.openTimeMs),
    sort: { key: "time", descends: true },
  });
  readonly #window = element("select", { "aria-label": "Rolling over" });
  readonly #words = element("span");
  readonly #reason = element("span");
  readonly #file = element("a", { download: "" }, "CSV of up to 10,000 minutes");
  #isChosen = false;

  /** @param changed Called when the reader chooses another window. */
  constructor(changed: () => void) {
    this.#window.addEventListener("change", () => {
      this.#isChosen = true;
      changed();
    });
    this.root = element(
      "div",
      {},
      element(
        "p",
        { class: "note" },
        ...[this.#words, this.#window, " minutes. ", this.#reason, this.#file],
      ),
      element("div", { class: "scroll" }, this.#table.root),
    );
  }

  /** Asks for the newest minutes and shows them. */
  async refresh(settings: Settings, signal: AbortSignal): Promise<void> {
    this.#offer(settings);
    const asked = { ...settings, window: Number(this.#window.value) };
    const query = toQuery({ ...asked, limit: SHOWN });
    const { rows } = await askOrThrow<{ rows: MinuteRow[] }>(`api/minutes?${query}`, signal);
    const { y, x } = settings;
    this.#words.textContent = `The newest ${SHOWN} minutes of y = ${y} and x = ${x}; rolling over `;
    const reason = rows.at(-1)?.reason ?? null;
    this.#reason.textContent = reason === null ? "" : `Now ${reason}. `;
    const file = toQuery({ ...asked, limit: 10_000 });
    this.#file.setAttribute("href", `api/minutes?${file}&format=csv`);
    this.#table.show(rows);
  }

  /** A chart of minutes has the window of its own; another one is rarely meant in minutes. */
  #offer({ interval, window }: Settings): void {
    const suits = interval === "1m" ? window : DEFAULT_WINDOW;
    const chosen = this.#isChosen ? Number(this.#window.value) : suits;
    const windows = [...new Set([...WINDOWS, suits])].sort((a, b) => a - b);
    this.#window.replaceChildren(
      ...windows.map((value) => element("option", { value }, String(value))),
    );
    this.#window.value = String(chosen);
  }
}
