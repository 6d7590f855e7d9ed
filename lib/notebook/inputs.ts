import {
  HubError,
  type InputSpec,
  type InputValue,
  type Part,
  type PartContent,
} from "../live/mod.ts";
import { escapeHtml, moving } from "./bundle.ts";
import { databaseInUse } from "./database.ts";
import { hubUrl } from "./hub.ts";
import type { Input } from "./input_kinds.ts";
import { isInNotebook, type MediaBundle } from "./kernel.ts";
import { register } from "./parts.ts";
import { output, type Showable, type Shown } from "./show.ts";
import { Signal } from "./signal.ts";
import { View } from "./view.ts";

/** An input of whatever value. */
// deno-lint-ignore no-explicit-any -- its functions take and give what it holds
export type AnyInput = Input<any>;

/** The values of inputs, by name. */
export type ValuesOf<D extends Readonly<Record<string, AnyInput>>> = {
  readonly [K in keyof D]: D[K] extends Input<infer T> ? T : never;
};

/** Inputs below a cell, and what they are set to. */
export interface Inputs<V> extends Showable {
  /** What they are set to now. */
  readonly values: V;
  /** Sets some of them, on every page. @throws {RangeError} If a value cannot be. */
  set(values: Partial<V>): void;
  /** Calls back with all values whenever one changes, until it is disposed. */
  onChange(listener: (values: V) => void): Disposable;
  /** What is drawn from the values, and drawn anew below its own cell whenever one changes. */
  view(draw: (values: V) => Shown | Promise<Shown>): Showable;
}

/**
 * Returns inputs to show below a cell. What is set on the page is in `values` at once, for later
 * cells, for `onChange()`, and for every `view()`.
 *
 * In a notebook: `await nb.show(controls)`, then `await nb.show(controls.view(({ window }) => …))`.
 *
 * @example A window and a method
 * ```ts
 * import { inputs, select, slider } from "tandem/notebook";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const controls = inputs({
 *   window: slider({ min: 20, max: 240, step: 10, value: 60 }),
 *   method: select(["rolling-ols", "ols"]),
 * });
 * controls.set({ window: 120 });
 * deepStrictEqual(controls.values, { window: 120, method: "rolling-ols" });
 * ```
 *
 * @param definitions The inputs by name.
 * @returns The inputs.
 */
export function inputs<D extends Readonly<Record<string, AnyInput>>>(
  definitions: D,
): Inputs<ValuesOf<D>> {
  return new InputGroup(definitions) as unknown as Inputs<ValuesOf<D>>;
}

type Values = Readonly<Record<string, InputValue>>;

class InputGroup implements Inputs<Values>, Part {
  readonly #definitions: Readonly<Record<string, AnyInput>>;
  readonly #specs: readonly InputSpec[];
  readonly #values: Signal<Values>;

  constructor(definitions: Readonly<Record<string, AnyInput>>) {
    this.#definitions = definitions;
    const entries = Object.entries(definitions);
    this.#specs = entries.map(([name, { look, label = name }]): InputSpec => ({
      ...look,
      name,
      label,
    }));
    this.#values = new Signal(
      Object.fromEntries(entries.map(([name, { value }]) => [name, value])),
    );
  }

  get values(): Values {
    return this.#values.value;
  }

  set(values: Partial<Values>): void {
    const read = this.#read(values);
    if ("refused" in read) {
      throw new RangeError(
        `Cannot set "${read.refused}" to ${JSON.stringify(values[read.refused])}`,
      );
    }
    this.#values.value = { ...this.values, ...read.values };
  }

  onChange(listener: (values: Values) => void): Disposable {
    return this.#values.watch(listener);
  }

  view(draw: (values: Values) => Shown | Promise<Shown>): Showable {
    return new View(this.#values, draw);
  }

  async [output](): Promise<MediaBundle> {
    const said = this.#specs.map(({ name, label, kind }) =>
      [label, kind === "button" ? "" : textOf(this.values[name]!)] as const
    );
    const rows = said.map(([label, value]) =>
      `<tr><td style="text-align:left">${escapeHtml(label)}</td>` +
      `<td style="text-align:left">${escapeHtml(value)}</td></tr>`
    );
    const still = {
      "text/html": `<table>${rows.join("")}</table>`,
      "text/plain": said.map(([label, value]) => `${label}: ${value}`).join("\n"),
    };
    if (!isInNotebook) return still;
    const base = await hubUrl(databaseInUse());
    return moving(still, { base, name: "hydratePart", args: [register(this)] });
  }

  watch(tell: (content: PartContent) => void): Disposable {
    const told = (values: Values) => tell({ kind: "inputs", inputs: this.#specs, values });
    told(this.values);
    return this.#values.watch(told);
  }

  take(sent: unknown): void {
    const read = typeof sent === "object" && sent !== null ? this.#read(sent) : { refused: "" };
    if ("refused" in read) {
      throw new HubError(400, "bad_request", `Cannot set "${read.refused}" to that`);
    }
    this.#values.value = { ...this.values, ...read.values };
  }

  #read(sent: object): { readonly values: Values } | { readonly refused: string } {
    const values: Record<string, InputValue> = {};
    for (const [name, value] of Object.entries(sent)) {
      const known = Object.hasOwn(this.#definitions, name) ? this.#definitions[name] : undefined;
      const read = known?.read(value);
      if (read === undefined) return { refused: name };
      values[name] = read;
    }
    return { values };
  }
}

function textOf(value: InputValue): string {
  if (typeof value !== "object") return String(value);
  const [from, to] = [value.fromMs, value.toMs].map((ms) =>
    new Date(ms).toISOString().slice(0, 16).replace("T", " ")
  );
  return `${from} to ${to} UTC`;
}
