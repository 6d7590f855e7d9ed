import { formatInterval } from "../../../market/mod.ts";
import {
  alignCloses,
  type PairOptions,
  type PairReading,
  pairReadings,
} from "../../../pairs/mod.ts";
import type { OpenedSeries } from "./opened_files.ts";

/**
 * The readings of two files as a pair.
 *
 * @throws {Error} If their bars are not equally long; the message is for the reader.
 */
export function fileReadings(
  y: OpenedSeries,
  x: OpenedSeries,
  options: PairOptions,
): PairReading[] {
  const { intervalMs } = y;
  if (x.intervalMs !== intervalMs) {
    throw new Error(
      `Cannot pair ${y.symbol} with ${x.symbol} as their bars differ in length: ` +
        `${formatInterval(intervalMs)} and ${formatInterval(x.intervalMs)}`,
    );
  }
  return pairReadings(alignCloses(y.bars, x.bars, { intervalMs, fill: "previous" }), options);
}
