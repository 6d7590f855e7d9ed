import type { Chart } from "../charts/mod.ts";
import {
  type BarsRequest,
  HubError,
  type PairRequest,
  type Part,
  type PartContent,
  type SelectedSpan,
} from "../live/mod.ts";
import { moving } from "./bundle.ts";
import { type EmbeddedChart, embeddedChart, isEmbedded } from "./embedded.ts";
import { hubOf, hubUrl } from "./hub.ts";
import { isInNotebook, type MediaBundle } from "./kernel.ts";
import { LiveRequest, markOf } from "./live_request.ts";
import { register } from "./parts.ts";
import { afterwards, output, type Showable, type Shown, toBundle } from "./show.ts";
import { Signal } from "./signal.ts";
import { readSpan } from "./span.ts";
import { type Draw, View } from "./view.ts";

/** A chart that moves, and in which rows can be selected. */
export interface LiveRows<Row> extends Showable {
  /** The time somebody has selected in it, or `null`. */
  readonly selection: SelectedSpan | null;
  /** The rows that begin within the selection, oldest first, as they are by now; none without one. */
  selected(): Row[];
  /** What is drawn from the selected rows, and drawn anew when others are selected. */
  view(draw: (rows: Row[]) => Shown | Promise<Shown>): Showable;
}

/** A chart that asks this kernel for its rows as long as it is looked at. */
export class LiveChart<Row extends { readonly openTimeMs: number }> extends LiveRequest
  implements LiveRows<Row>, Part {
  readonly #rows: () => Row[];
  #embedded: EmbeddedChart | null = null;
  readonly #selection = new Signal<SelectedSpan | null>(null);

  /**
   * @param database Where the rows come from.
   * @param request What to ask the hub for.
   * @param still The same, as of now: what the picture shows.
   * @param rows The rows behind it, as of now.
   */
  constructor(
    database: string,
    request: PairRequest | BarsRequest,
    still: () => Chart,
    rows: () => Row[],
  ) {
    super(database, request, still);
    this.#rows = rows;
  }

  get selection(): SelectedSpan | null {
    return this.#selection.value;
  }

  selected(): Row[] {
    const span = this.selection;
    if (span === null) return [];
    return this.#rows().filter(({ openTimeMs }) =>
      openTimeMs >= span.fromMs && openTimeMs < span.toMs
    );
  }

  view(draw: Draw<Row[]>): Showable {
    return new View(this.#selection, () => draw(this.selected()));
  }

  async [output](): Promise<MediaBundle> {
    const still = await toBundle(this.still());
    if (!isInNotebook) return still;
    if (isEmbedded) {
      const { url } = await hubOf(this.database);
      this.#embedded = await embeddedChart(still, url, this.request);
      return this.#embedded.bundle;
    }
    return moving(still, {
      base: await hubUrl(this.database),
      name: "hydrate",
      args: [this.request, register(this)],
      note: markOf(this.database),
    });
  }

  async [afterwards](): Promise<void> {
    await this.#embedded?.begin();
  }

  watch(tell: (content: PartContent) => void): Disposable {
    const told = (span: SelectedSpan | null) => tell({ kind: "selection", span });
    told(this.selection);
    return this.#selection.watch(told);
  }

  take(value: unknown): void {
    const span = value === null ? null : readSpan(value);
    if (span === undefined) throw new HubError(400, "bad_request", "Cannot select that");
    this.#selection.value = span;
  }
}
