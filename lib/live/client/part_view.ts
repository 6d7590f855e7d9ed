/// <reference lib="dom" />
import type { PartContent } from "../part_content.ts";
import { type Chart, mount } from "./chart/chart.ts";
import { type ChartMemory, freshMemory } from "./chart/memory.ts";
import { type ChartMessage, type Connection, connectionTo, type Receiver } from "./connection.ts";
import { InputForm } from "./input_form.ts";
import { LiveChart } from "./live_chart.ts";

/** What stands in an output right now. */
interface Shown {
  readonly kind: PartContent["kind"];
  /** Shows other content of the same kind; `false` if it cannot and has to be made anew. */
  update(content: PartContent): boolean;
  destroy(): void;
}

/** A part of a notebook's output, kept as the kernel tells it. */
export class PartView implements Receiver {
  readonly #output: HTMLElement;
  readonly #connection: Connection;
  readonly #unsubscribe: () => void;
  /** What a reader has zoomed to stays when another chart takes the place of one. */
  readonly #memory = freshMemory();
  #shown: Shown | null = null;
  #coming: Shown | null = null;

  constructor(output: HTMLElement, connection: Connection, part: string) {
    this.#output = output;
    this.#connection = connection;
    this.#unsubscribe = connection.subscribe({ kind: "part", part }, this);
  }

  message(message: ChartMessage): void {
    if (message.op !== "part") return;
    const { content } = message;
    if (this.#shown?.kind === content.kind && this.#shown.update(content)) return;
    this.#coming?.destroy();
    this.#coming = null;
    const place = document.createElement("div");
    if (content.kind === "live") return this.#follow(place, content);
    this.#replace(place);
    this.#shown = this.#show(place, content);
  }

  #replace(place: HTMLElement): void {
    this.#shown?.destroy();
    this.#output.replaceChildren(place);
  }

  /** What is there stays until the rows of the next chart have come. */
  #follow(place: HTMLElement, { base, request }: Extract<PartContent, { kind: "live" }>): void {
    const next = new LiveChart(place, connectionTo(base), request, {
      updated: () => {
        if (this.#coming !== shown) return;
        this.#coming = null;
        this.#replace(place);
        this.#shown = shown;
      },
    }, { memory: this.#memory });
    const shown = { kind: "live", update: () => false, destroy: () => next.destroy() } as const;
    this.#coming = shown;
  }

  failed(): void {
    // The kernel is another one: what is there stays, as a picture does.
  }

  destroy(): void {
    this.#unsubscribe();
    this.#coming?.destroy();
    this.#shown?.destroy();
    this.#coming = this.#shown = null;
  }

  #show(place: HTMLElement, content: PartContent): Shown | null {
    switch (content.kind) {
      case "inputs":
        return this.#inputs(place, content);
      case "chart":
        return chart(place, content, this.#memory);
      case "html":
        place.innerHTML = content.html;
        for (const script of [...place.querySelectorAll("script")]) revive(script);
        return still("html");
      case "failed":
        place.textContent = content.message;
        place.setAttribute("role", "alert");
        place.style.cssText = "padding:10px 14px;color:#c8331c;font:13px/1.4 system-ui,sans-serif";
        return still("failed");
      case "live":
      case "selection":
        return null;
    }
  }

  #inputs(place: HTMLElement, content: Extract<PartContent, { kind: "inputs" }>): Shown {
    const form = new InputForm(place, content.inputs, (name, value) => {
      this.#connection.tell(this, { [name]: value });
    });
    form.set(content.values);
    const unwatch = this.#connection.watch(({ isOpen }) => form.isEnabled = isOpen);
    const drawn = JSON.stringify(content.inputs);
    return {
      kind: "inputs",
      update(next) {
        if (next.kind !== "inputs" || JSON.stringify(next.inputs) !== drawn) return false;
        form.set(next.values);
        return true;
      },
      destroy: unwatch,
    };
  }
}

function chart(
  place: HTMLElement,
  content: Extract<PartContent, { kind: "chart" }>,
  memory: ChartMemory,
): Shown {
  let drawn = JSON.stringify(content.spec);
  let mounted: Chart = mount(place, content.spec, content.columns, { memory });
  return {
    kind: "chart",
    update(next) {
      if (next.kind !== "chart") return false;
      if (JSON.stringify(next.spec) === drawn) mounted.replace(next.columns);
      else {
        mounted.destroy();
        drawn = JSON.stringify(next.spec);
        mounted = mount(place, next.spec, next.columns, { memory });
      }
      return true;
    },
    destroy: () => mounted.destroy(),
  };
}

function still(kind: PartContent["kind"]): Shown {
  return { kind, update: () => false, destroy: () => {} };
}

/** Scripts that are set as markup do not run; the kernel's own shall. */
function revive(script: HTMLScriptElement): void {
  const copy = document.createElement("script");
  for (const { name, value } of [...script.attributes]) copy.setAttribute(name, value);
  copy.textContent = script.textContent;
  script.replaceWith(copy);
}
