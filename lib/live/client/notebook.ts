/// <reference lib="dom" />
import type { BarsRequest, PairRequest } from "../protocol.ts";
import { type Connection, connectionTo } from "./connection.ts";
import { LiveChart } from "./live_chart.ts";
import { describeConnection } from "./status_view.ts";

const LOOK_MS = 1_000;

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
 */
export function hydrate(
  output: HTMLElement,
  base: string,
  request: PairRequest | BarsRequest,
): void {
  attend(new WeakRef(output), connectionTo(base), request);
}

/**
 * Keeps a chart while its output is on the page: notebooks take outputs off while they are out of
 * sight, and for good when their cell runs again.
 */
function attend(
  place: WeakRef<HTMLElement>,
  connection: Connection,
  request: PairRequest | BarsRequest,
): void {
  let chart: LiveChart | null = null;
  const look = () => {
    const output = place.deref();
    if (output?.isConnected) {
      chart ??= new LiveChart(output, connection, request);
      tell(output, connection);
    } else {
      chart?.destroy();
      chart = null;
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
