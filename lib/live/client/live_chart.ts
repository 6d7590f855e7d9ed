/// <reference lib="dom" />
import type { BarsRequest, Failure, PairRequest, Summary } from "../protocol.ts";
import { type Chart, type ChartState, mount } from "./chart/chart.ts";
import { type ChartMemory, freshMemory } from "./chart/memory.ts";
import type { ChartMessage, Connection } from "./connection.ts";

/** What a live chart tells of itself. */
export interface LiveChartEvents {
  /** Rows came. */
  readonly updated?: (chart: Chart) => void;
  /** What there is to say beyond the rows changed. */
  readonly summarized?: (summary: Summary) => void;
  /** It was refused; it is tried again by itself. */
  readonly failed?: (error: Failure) => void;
  /** The reader changed what is in view. */
  readonly moved?: (state: ChartState) => void;
}

/** How a live chart begins. */
export interface LiveChartOptions {
  /** What was chosen before. @default {nothing} */
  readonly memory?: ChartMemory;
  /** The chart in the same place; it stays, as it is, until this one has something to show. */
  readonly replaces?: LiveChart | null;
}

/** A chart that follows a subscription. */
export class LiveChart {
  readonly #host: HTMLElement;
  readonly #events: LiveChartEvents;
  readonly #memory: ChartMemory;
  #replaced: LiveChart | null;
  readonly #unsubscribe: () => void;
  #chart: Chart | null = null;
  #drawn = "";
  #summary: Summary = { reading: null };

  constructor(
    host: HTMLElement,
    connection: Connection,
    request: PairRequest | BarsRequest,
    events: LiveChartEvents = {},
    options: LiveChartOptions = {},
  ) {
    this.#memory = options.memory ?? freshMemory();
    this.#replaced = options.replaces ?? null;
    this.#replaced?.freeze();
    this.#host = host;
    this.#events = events;
    this.#unsubscribe = connection.subscribe(request, {
      message: (message) => this.#take(message),
      failed: (error) => events.failed?.(error),
    });
  }

  /** The chart, once there is one. */
  get chart(): Chart | null {
    return this.#chart;
  }

  /** Ends it. */
  destroy(): void {
    this.#unsubscribe();
    this.#replaced?.destroy();
    this.#chart?.destroy();
  }

  /** Hears of no more changes, but stays on the page. */
  freeze(): void {
    this.#unsubscribe();
  }

  #take(message: ChartMessage): void {
    if (message.op === "snapshot") this.#begin(message);
    else if (message.op === "append") this.#chart?.append(message.rows);
    else if (message.op === "amend") this.#chart?.amend(message.fromMs, message.rows);
    const summary = "summary" in message ? message.summary : null;
    if (summary !== null) {
      this.#summary = { ...this.#summary, ...summary };
      this.#events.summarized?.(this.#summary);
    }
    if (message.op !== "summary" && this.#chart !== null) this.#events.updated?.(this.#chart);
  }

  /** After a reconnect the same chart goes on, with what is in view left alone. */
  #begin({ spec, columns }: Extract<ChartMessage, { op: "snapshot" }>): void {
    const drawn = JSON.stringify(spec);
    if (this.#chart !== null && drawn === this.#drawn) return this.#chart.replace(columns);
    this.#chart?.destroy();
    this.#replaced?.destroy();
    this.#replaced = null;
    this.#drawn = drawn;
    const { moved } = this.#events;
    const memory = this.#memory;
    this.#chart = mount(this.#host, spec, columns, { memory, ...(moved ? { moved } : {}) });
  }
}
