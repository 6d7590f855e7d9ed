/// <reference lib="dom" />
import { formatCount } from "../../../charts/mod.ts";
import type { ImportAnswer } from "../../import_answer.ts";
import { ask } from "../ask.ts";
import { element } from "../dom.ts";
import { sendFile } from "./send_file.ts";

/** Refused rows that are shown; the answer counts all. */
const SHOWN = 50;

/** The part of the files view that keeps files in the database, and tells what became of every row. */
export class KeepView {
  readonly root: HTMLElement;
  readonly #form: HTMLFormElement;
  readonly #list = element("ul", { class: "kept" });
  readonly #buttons = new Set<HTMLButtonElement>();
  #canKeep = false;

  constructor() {
    const field = (name: string, label: string, attributes: Record<string, string>) =>
      element("label", {}, `${label} `, element("input", { name, ...attributes }));
    const words = { autocomplete: "off", spellcheck: "false" };
    this.#form = element(
      "form",
      { class: "controls", "aria-label": "What the files do not say" },
      field("symbol", "Symbol", { ...words, placeholder: "as the file says", size: "14" }),
      field("interval", "Bars of", { ...words, placeholder: "as the rows say", size: "12" }),
      field("zone", "Times without a zone", { ...words, placeholder: "UTC", size: "16" }),
    );
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.root = element(
      "section",
      { class: "card", "aria-label": "Keep in the database", hidden: true },
      element("div", { class: "card-head" }, element("h2", {}, "Keep in the database")),
      ...[this.#form, this.#list],
    );
  }

  /** Asks whether files can be kept here. */
  async look(): Promise<void> {
    const limits = await ask<{ canKeep: boolean }>("api/files");
    this.#canKeep = limits?.canKeep ?? false;
    this.#show();
  }

  /** Offers to keep files. */
  offer(files: readonly File[]): void {
    for (const file of files) {
      const button = element("button", { type: "button" }, "Keep in the database");
      const said = element("div", { class: "outcome", "aria-live": "polite" });
      button.setAttribute("aria-label", `Keep ${file.name} in the database`);
      button.addEventListener("click", () => this.#keep(file, said));
      this.#buttons.add(button);
      const size = `${(file.size / 1e6).toFixed(file.size < 1e6 ? 3 : 1)} MB`;
      this.#list.prepend(
        element("li", {}, element("b", {}, file.name), ` ${size} `, button, said),
      );
    }
    this.#show();
  }

  #show(): void {
    this.root.hidden = !this.#canKeep || this.#list.childElementCount === 0;
  }

  async #keep(file: File, said: HTMLElement): Promise<void> {
    const progress = element("progress", { max: 1, value: 0, "aria-label": "Sent" });
    const words = element("span", {}, " Sending …");
    said.replaceChildren(progress, words);
    // The hub takes one at a time.
    for (const button of this.#buttons) button.disabled = true;
    try {
      const answer = await sendFile(file, this.#hints(), (share) => {
        progress.value = share;
        if (share < 1) return;
        progress.removeAttribute("value");
        words.textContent = " Storing …";
      });
      said.replaceChildren(...report(answer));
    } catch (error) {
      said.replaceChildren(element("p", { class: "problem" }, `${(error as Error).message}.`));
    } finally {
      for (const button of this.#buttons) button.disabled = false;
    }
  }

  #hints() {
    const text = (name: string) =>
      (this.#form.elements.namedItem(name) as HTMLInputElement).value.trim();
    return { symbol: text("symbol"), interval: text("interval"), zone: text("zone") };
  }
}

/** What became of a file, as sentences, and the rows that were refused. */
function report({ tables, refused, problems, byIngest }: ImportAnswer): HTMLElement[] {
  const lines = tables.flatMap(({ sentences }) => sentences);
  const all = tables.reduce((sum, table) => sum + table.refused, 0);
  const rows = refused.slice(0, SHOWN).map(({ file, line, reason, text }) =>
    element("li", {}, `${file}, line ${line}: ${reason}: `, element("code", {}, text))
  );
  return [
    ...problems.map((text) => element("p", { class: "problem" }, `${text}.`)),
    ...lines.map((text) => element("p", {}, `${text}.`)),
    ...(byIngest ? [element("p", {}, "The running ingest has stored it.")] : []),
    ...(all === 0 ? [] : [
      element(
        "details",
        {},
        element(
          "summary",
          {},
          `${all > rows.length ? `The first ${rows.length} of ` : ""}${
            formatCount(all, "row")
          } that ${all === 1 ? "was" : "were"} refused`,
        ),
        element("ul", {}, ...rows),
      ),
    ]),
  ];
}
