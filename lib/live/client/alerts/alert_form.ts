/// <reference lib="dom" />
import type { AlertRuleText } from "../../../alerts/mod.ts";
import { element } from "../dom.ts";

/** What can be watched, and whether of a pair, of bars of a symbol, or of its data. */
const WATCHES: readonly [AlertRuleText["watch"], string, "pair" | "bars" | "data"][] = [
  ["z-score", "z-score of a pair", "pair"],
  ["correlation", "Correlation of a pair", "pair"],
  ["hedge-ratio-change", "Change of a hedge ratio", "pair"],
  ["p-value", "p-value of a verdict", "pair"],
  ["price", "Price", "bars"],
  ["silence", "Seconds without a trade", "data"],
  ["lag", "Seconds behind", "data"],
  ["missing-ids", "Missing trade ids", "data"],
  ["lost-ids", "Lost trade ids", "data"],
];

/** A form that makes a rule. */
export class AlertForm {
  readonly root: HTMLFormElement;
  readonly #problem = element("p", { class: "note problem", role: "alert", hidden: true });

  /** Makes it; `put` is called with a rule and throws where that is not taken. */
  constructor(put: (rule: AlertRuleText) => Promise<void>) {
    const field = (name: string, label: string, attributes: Record<string, string> = {}) =>
      element(
        "label",
        { "data-field": name },
        `${label} `,
        element("input", { name, ...attributes }),
      );
    const number = { type: "number", step: "any" };
    const symbol = { list: "symbols", autocomplete: "off", spellcheck: "false" };
    const choice = (name: string, label: string, options: readonly (readonly [string, string])[]) =>
      element(
        "label",
        { "data-field": name },
        `${label} `,
        element(
          "select",
          { name },
          ...options.map(([value, text]) => element("option", { value }, text)),
        ),
      );
    this.root = element(
      "form",
      { class: "controls", "aria-label": "New alert" },
      choice("watch", "Watch", WATCHES.map(([watch, text]) => [watch, text])),
      field("y", "Dependent leg", symbol),
      field("x", "Hedge leg", symbol),
      field("symbol", "Symbol", symbol),
      choice("interval", "Interval", ["1s", "1m", "5m"].map((text) => [text, text])),
      field("window", "Window", { type: "number", min: "3", max: "2000", value: "60" }),
      field("above", "Above", number),
      field("below", "Below", number),
      field("hysteresis", "Hysteresis", { ...number, min: "0", value: "0" }),
      field("cooldown", "Cooldown", { value: "5m", pattern: "\\d+(\\.\\d+)?[smh]", size: "4" }),
      field("channels", "Tell over", { placeholder: "channels, if any" }),
      field("id", "Name", { maxlength: "64", placeholder: "made up if empty" }),
      element("button", { type: "submit" }, "Add alert"),
      this.#problem,
    );
    this.root.addEventListener("input", () => this.#fit());
    this.root.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        await put(this.#rule());
        this.#say(null);
      } catch (error) {
        this.#say(error instanceof Error ? error.message : String(error));
      }
    });
    this.#fit();
  }

  /** Fills in what an address names. */
  fill(params: URLSearchParams): void {
    for (const [name, value] of params) {
      const field = this.root.elements.namedItem(name);
      if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) {
        field.value = value;
      }
    }
    this.#fit();
  }

  /** Shows the fields that what is watched has. */
  #fit(): void {
    const kind = WATCHES.find(([watch]) => watch === this.#text("watch"))![2];
    const shown: Readonly<Record<string, boolean>> = {
      y: kind === "pair",
      x: kind === "pair",
      window: kind === "pair",
      symbol: kind !== "pair",
      interval: kind !== "data",
    };
    for (const [name, isShown] of Object.entries(shown)) {
      this.root.querySelector<HTMLElement>(`[data-field="${name}"]`)!.hidden = !isShown;
    }
  }

  #rule(): AlertRuleText {
    const number = (name: string) => this.#text(name) === "" ? null : Number(this.#text(name));
    const watch = this.#text("watch") as AlertRuleText["watch"];
    const kind = WATCHES.find(([name]) => name === watch)![2];
    const legs = kind === "pair"
      ? { y: this.#text("y"), x: this.#text("x"), window: number("window") ?? 60 }
      : { symbol: this.#text("symbol") };
    const named = Object.values(legs).filter((leg) => typeof leg === "string").join("-");
    return {
      id: this.#text("id") || `${watch}-${named}`.toLowerCase(),
      watch,
      ...legs,
      ...kind === "data" ? {} : { interval: this.#text("interval") },
      above: number("above"),
      below: number("below"),
      hysteresis: number("hysteresis") ?? 0,
      cooldown: this.#text("cooldown") || "0s",
      channels: this.#text("channels").split(/[\s,]+/).filter((name) => name !== ""),
    };
  }

  #text(name: string): string {
    return (this.root.elements.namedItem(name) as HTMLInputElement).value.trim();
  }

  #say(problem: string | null): void {
    this.#problem.hidden = problem === null;
    this.#problem.textContent = problem === null ? "" : `${problem}.`;
  }
}
