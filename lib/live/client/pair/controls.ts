/// <reference lib="dom" />
import { element } from "../dom.ts";
import { readSettings, type Settings } from "./settings.ts";

/** The form above the chart. */
export class Controls {
  readonly #form: HTMLFormElement;
  readonly #changed: (settings: Settings) => void;
  #symbols: readonly string[] = [];
  #chart: Settings["chart"] = "pair";

  constructor(form: HTMLFormElement, swap: HTMLElement, changed: (settings: Settings) => void) {
    this.#form = form;
    this.#changed = changed;
    form.addEventListener("change", () => this.#submit());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    swap.addEventListener("click", () => {
      const { y, x } = this.read();
      this.show({ ...this.read(), y: x, x: y });
      this.#submit();
    });
  }

  /** What the form says; what it does not ask for stays as it was. */
  read(): Settings {
    const params = new URLSearchParams({ chart: this.#chart });
    for (const [name, value] of new FormData(this.#form)) params.set(name, String(value).trim());
    return readSettings(params.toString());
  }

  /** Puts settings into the form. */
  show(settings: Settings): void {
    this.#chart = settings.chart;
    for (const [name, value] of Object.entries(settings)) {
      const field = this.#form.elements.namedItem(name);
      if (field instanceof RadioNodeList || field instanceof HTMLInputElement) {
        field.value = String(value);
      } else if (field instanceof HTMLSelectElement) field.value = String(value);
    }
    this.#check();
  }

  /** Offers the symbols of the database. */
  offer(symbols: readonly string[]): void {
    if (symbols.join() === this.#symbols.join()) return;
    this.#symbols = symbols;
    const list = this.#form.querySelector("datalist");
    list?.replaceChildren(...symbols.map((value) => element("option", { value })));
    this.#check();
  }

  #submit(): void {
    this.#checkThresholds();
    if (this.#check() && this.#form.reportValidity()) this.#changed(this.read());
  }

  #checkThresholds(): void {
    const [exit, entry, stop] = ["exit", "entry", "stop"].map((name) =>
      this.#form.elements.namedItem(name) as HTMLInputElement
    );
    const complain = (field: HTMLInputElement, isWrong: boolean, problem: string) => {
      field.setCustomValidity(isWrong ? problem : "");
      field.setAttribute("aria-invalid", String(isWrong));
    };
    const value = (field: HTMLInputElement) => field.valueAsNumber;
    complain(entry!, !(value(entry!) > value(exit!)), "The entry must be above the exit");
    complain(stop!, !(value(stop!) > value(entry!)), "The stop must be above the entry");
  }

  /** Marks legs that are not in the database or are the same. */
  #check(): boolean {
    const { y, x } = this.read();
    return [this.#checkLeg("y", y, x), this.#checkLeg("x", x, y)].every(Boolean);
  }

  #checkLeg(name: "y" | "x", symbol: string, other: string): boolean {
    const field = this.#form.elements.namedItem(name);
    if (!(field instanceof HTMLInputElement)) return false;
    const isUnknown = this.#symbols.length > 0 && symbol !== "" && !this.#symbols.includes(symbol);
    const problem = isUnknown
      ? `${symbol} is not in the database`
      : symbol !== "" && symbol === other
      ? "The two legs must differ"
      : "";
    field.setCustomValidity(problem);
    field.setAttribute("aria-invalid", String(problem !== ""));
    return problem === "" && symbol !== "";
  }
}
