/// <reference lib="dom" />
import type { BarsRequest, PairRequest } from "../protocol.ts";
import { connectionTo } from "./connection.ts";
import { LiveChart } from "./live_chart.ts";

/**
 * Turns the output of a notebook cell, which holds a picture, into a chart that moves.
 *
 * The picture stays until the hub answers, and for good if it never does. After a restart of the
 * hub on the same address the chart goes on by itself.
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
  const connection = connectionTo(base);
  new LiveChart(output, connection, request);
  connection.watch(({ isOpen }) => {
    output.dataset.tandem = isOpen ? "live" : "lost";
  });
}
