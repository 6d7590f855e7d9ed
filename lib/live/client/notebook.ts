/// <reference lib="dom" />
import type { BarsRequest, PairRequest } from "../protocol.ts";
import { Brush } from "./brush.ts";
import { type ChartMessage, type Connection, connectionTo, type Receiver } from "./connection.ts";
import { LiveChart } from "./live_chart.ts";
import { PartView } from "./part_view.ts";
import { describeConnection } from "./status_view.ts";

const LOOK_MS = 1_000;

/** What is drawn into an output while it is on the page. */
interface Drawn {
  destroy(): void;
}

/**
 * Turns the output of a notebook cell, which holds a picture, into a chart that moves.
 *
 * The picture stays until the hub answers, and for good if it never does. After a restart of the
 * hub on the same address the chart goes on by itself. The attribute `data-tandem` of the output
 * says `live` or `lost`, `data-tandem-note` what there is to say of the connection.
 *
 * @param output The element around the picture.
 * @param base The address of the hub, with its token.
 * @param request What to show.
 * @param part The part that hears of what is selected in the chart.
 */
export function hydrate(
  output: HTMLElement,
  base: string,
  request: PairRequest | BarsRequest,
  part?: string,
): void {
  const connection = connectionTo(base);
  attend(new WeakRef(output), connection, (output) => {
    if (part === undefined) return new LiveChart(output, connection, request);
    return new SelectableChart(output, connection, request, part);
  });
}

/**
 * Turns the output of a notebook cell into what its kernel tells of a part: inputs, or what is
 * drawn from them. What is there stays until the kernel answers.
 *
 * @param output The element.
 * @param base The address of the hub, with its token.
 * @param part The part.
 */
export function hydratePart(output: HTMLElement, base: string, part: string): void {
  const connection = connectionTo(base);
  attend(
    new WeakRef(output),
    connection,
    (output) => new PartView(output, connection, part),
  );
}

/** A live chart in which rows can be selected; the kernel keeps what is. */
class SelectableChart implements Receiver {
  readonly #connection: Connection;
  readonly #brush: Brush;
  readonly #chart: LiveChart;
  readonly #unsubscribe: () => void;

  constructor(
    output: HTMLElement,
    connection: Connection,
    request: PairRequest | BarsRequest,
    part: string,
  ) {
    this.#connection = connection;
    this.#brush = new Brush(output, (span) => connection.tell(this, span));
    this.#chart = new LiveChart(output, connection, request, {
      updated: (chart) => this.#brush.attach(chart),
    });
    this.#unsubscribe = connection.subscribe({ kind: "part", part }, this);
  }

  message(message: ChartMessage): void {
    if (message.op === "part" && message.content.kind === "selection") {
      this.#brush.span = message.content.span;
    }
  }

  failed(): void {
    // Another kernel: the chart goes on, but nobody asks what is selected.
    this.#brush.span = null;
  }

  destroy(): void {
    this.#unsubscribe();
    this.#brush.destroy();
    this.#chart.destroy();
  }
}

/**
 * Keeps what is drawn while its output is on the page: notebooks take outputs off while they are
 * out of sight, and for good when their cell runs again.
 */
function attend(
  place: WeakRef<HTMLElement>,
  connection: Connection,
  begin: (output: HTMLElement) => Drawn,
): void {
  let drawn: Drawn | null = null;
  const look = () => {
    const output = place.deref();
    if (output?.isConnected) {
      drawn ??= begin(output);
      tell(output, connection);
    } else {
      drawn?.destroy();
      drawn = null;
    }
    if (output !== undefined) return;
    clearInterval(timer);
    unwatch();
  };
  const timer = setInterval(look, LOOK_MS);
  const unwatch = connection.watch(() => queueMicrotask(look));
}

function tell(output: HTMLElement, connection: Connection): void {
  const [kind, text] = describeConnection(connection.state, performance.now());
  output.dataset.tandem = connection.state.isOpen ? "live" : "lost";
  if (kind === "live") delete output.dataset.tandemNote;
  else output.dataset.tandemNote = text;
}
