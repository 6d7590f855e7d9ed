/// <reference lib="dom" />
import { themeCss } from "../../charts/mod.ts";
import type { InputSpec, InputValue, SelectedSpan } from "../part_content.ts";
import { element } from "./dom.ts";

/** Called with the new value of an input. */
type Changed = (name: string, value: InputValue) => void;

interface Control {
  readonly root: HTMLElement;
  set(value: InputValue): void;
}

const MINUTE_MS = 60_000;

let style: CSSStyleSheet | undefined;

/** Inputs of a notebook, drawn into an element. */
export class InputForm {
  readonly #controls = new Map<string, Control>();
  readonly #fields: HTMLFieldSetElement;

  constructor(host: HTMLElement, inputs: readonly InputSpec[], changed: Changed) {
    for (const input of inputs) {
      this.#controls.set(input.name, control(input, (value) => changed(input.name, value)));
    }
    const rows = [...this.#controls.values()].map(({ root }) => root);
    this.#fields = element("fieldset", { class: "inputs" }, ...rows);
    const shadow = host.shadowRoot ?? host.attachShadow({ mode: "open" });
    style ??= makeStyle();
    shadow.adoptedStyleSheets = [style];
    shadow.replaceChildren(this.#fields);
  }

  /** Shows values; what somebody is changing right now is left alone. */
  set(values: Readonly<Record<string, InputValue>>): void {
    for (const [name, { root, set }] of this.#controls) {
      const value = values[name];
      if (value !== undefined && !root.matches(":focus-within")) set(value);
    }
  }

  /** Whether anybody hears of changes. */
  set isEnabled(value: boolean) {
    this.#fields.disabled = !value;
  }
}

function control(spec: InputSpec, changed: (value: InputValue) => void): Control {
  switch (spec.kind) {
    case "slider":
      return slider(spec, changed);
    case "number":
      return number(spec, changed);
    case "select":
      return select(spec, changed);
    case "checkbox":
      return checkbox(spec, changed);
    case "dateRange":
      return dateRange(spec, changed);
    case "button":
      return button(spec, changed);
  }
}

type Of<K extends InputSpec["kind"]> = Extract<InputSpec, { kind: K | "slider" | "number" }>;

function labelled(label: string, ...fields: HTMLElement[]): HTMLElement {
  return element("label", {}, element("span", {}, label), ...fields);
}

function slider(
  { label, min, max, step }: Of<"slider">,
  changed: (value: number) => void,
): Control {
  const input = element("input", { type: "range", min, max, step });
  const output = element("output");
  let frame = 0;
  input.addEventListener("input", () => {
    output.value = input.value;
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      changed(Number(input.value));
    });
  });
  return {
    root: labelled(label, input, output),
    set: (value) => output.value = input.value = String(value),
  };
}

function number(
  { label, min, max, step }: Of<"number">,
  changed: (value: number) => void,
): Control {
  const bounds = { min: Math.max(min, -Number.MAX_VALUE), max: Math.min(max, Number.MAX_VALUE) };
  const input = element("input", { type: "number", step, ...bounds });
  input.addEventListener("change", () => {
    if (input.value !== "" && input.checkValidity()) changed(Number(input.value));
    else input.reportValidity();
  });
  return { root: labelled(label, input), set: (value) => input.value = String(value) };
}

function select(
  { label, options }: Extract<InputSpec, { kind: "select" }>,
  changed: (value: string) => void,
): Control {
  const input = element("select", {}, ...options.map((name) => element("option", {}, name)));
  input.addEventListener("change", () => changed(input.value));
  return { root: labelled(label, input), set: (value) => input.value = String(value) };
}

function checkbox({ label }: InputSpec, changed: (value: boolean) => void): Control {
  const input = element("input", { type: "checkbox" });
  input.addEventListener("change", () => changed(input.checked));
  return { root: labelled(label, input), set: (value) => input.checked = value === true };
}

function button({ label }: InputSpec, changed: (value: number) => void): Control {
  let presses = 0;
  const onclick = () => changed(++presses);
  return {
    root: element("div", { class: "row" }, element("button", { type: "button", onclick }, label)),
    set: (value) => presses = Number(value),
  };
}

function dateRange(
  { label, fromMs, toMs }: Extract<InputSpec, { kind: "dateRange" }>,
  changed: (value: SelectedSpan) => void,
): Control {
  const field = (name: string) =>
    element("input", {
      type: "datetime-local",
      "aria-label": `${label}, ${name}, UTC`,
      min: minuteText(fromMs),
      max: minuteText(toMs),
    });
  const [from, to] = [field("from"), field("to")];
  const tell = () => {
    const span = { fromMs: Date.parse(`${from.value}Z`), toMs: Date.parse(`${to.value}Z`) };
    const isSpan = from.checkValidity() && to.checkValidity() && span.fromMs < span.toMs;
    to.setCustomValidity(span.fromMs < span.toMs ? "" : "Must be later than the start");
    if (isSpan) changed(span);
    else to.reportValidity();
  };
  for (const input of [from, to]) input.addEventListener("change", tell);
  return {
    root: element(
      "div",
      { class: "row", role: "group", "aria-label": label },
      element("span", {}, label),
      from,
      element("span", { class: "to" }, "to"),
      to,
      element("span", { class: "to" }, "UTC"),
    ),
    set(value) {
      const span = value as SelectedSpan;
      from.value = minuteText(span.fromMs);
      to.value = minuteText(span.toMs);
    },
  };
}

function minuteText(timeMs: number): string {
  return new Date(Math.floor(timeMs / MINUTE_MS) * MINUTE_MS).toISOString().slice(0, 16);
}

function makeStyle(): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    themeCss(":host") + `
:host { display: block; color: var(--tandem-text); background: var(--tandem-surface); border-radius: 10px;
  font: 13px/1.4 var(--tandem-font); font-variant-numeric: tabular-nums; }
fieldset { border: 0; margin: 0; padding: 10px 14px; display: grid; gap: 8px; }
fieldset:disabled { opacity: 0.55; }
label, .row { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: center; min-height: 26px; }
label > span:first-child, .row > span:first-child { flex: 0 0 9em; color: var(--tandem-muted); }
.to { color: var(--tandem-muted); }
input[type="range"] { flex: 0 1 260px; accent-color: var(--tandem-accent); margin: 0; }
input[type="checkbox"] { accent-color: var(--tandem-accent); width: 16px; height: 16px; margin: 0; }
input[type="number"] { width: 8em; }
input:not([type="range"], [type="checkbox"]), select, button {
  font: inherit; color: inherit; background: var(--tandem-surface); border: 1px solid var(--tandem-grey);
  border-radius: 6px; padding: 2px 8px; min-height: 26px;
}
button { cursor: pointer; padding: 2px 14px; }
button:hover { background: var(--tandem-grid); }
:focus-visible { outline: 2px solid var(--tandem-accent); outline-offset: 1px; }
`,
  );
  return sheet;
}
