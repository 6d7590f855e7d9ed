/// <reference lib="dom" />
import { element } from "./dom.ts";

/** Buttons of which at most one is pressed. */
export class ChoiceTabs<K extends string> {
  readonly #root: HTMLElement;
  readonly #chosen: (key: K | null) => void;
  readonly #mayBeNone: boolean;
  readonly #buttons = new Map<K, HTMLButtonElement>();
  #current: K | null = null;

  /**
   * @param root Where the buttons go.
   * @param choices Keys and labels.
   * @param chosen Called when the reader chooses.
   * @param mayBeNone Whether pressing the chosen one again chooses none.
   */
  constructor(
    root: HTMLElement,
    choices: readonly (readonly [key: K, label: string])[],
    chosen: (key: K | null) => void,
    mayBeNone = false,
  ) {
    this.#root = root;
    this.#chosen = chosen;
    this.#mayBeNone = mayBeNone;
    for (const [key, label] of choices) {
      const button = element("button", {
        ...{ type: "button", "data-key": key, "aria-pressed": "false" },
        onclick: () => this.#press(key),
      }, label);
      this.#buttons.set(key, button);
    }
    this.#root.replaceChildren(...this.#buttons.values());
  }

  /** Shows what is chosen. */
  show(key: K | null): void {
    this.#current = key;
    for (const [other, button] of this.#buttons) {
      button.setAttribute("aria-pressed", String(other === key));
    }
  }

  /** Changes what a button says. */
  label(key: K, text: string): void {
    const button = this.#buttons.get(key);
    if (button && button.textContent !== text) button.textContent = text;
  }

  #press(key: K): void {
    const chosen = this.#mayBeNone && key === this.#current ? null : key;
    this.show(chosen);
    this.#chosen(chosen);
  }
}
