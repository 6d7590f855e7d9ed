import { BusError } from "./bus_error.ts";

/** The error of a subscriber whose name another one took. */
export function takenOver(name: string, partition: number): BusError {
  return new BusError(
    "taken",
    `Cannot go on reading partition ${partition} as "${name}": another subscriber of that name has taken over`,
  );
}
