import type { Chart } from "../charts/mod.ts";
import type { BarsRequest, PairRequest } from "../live/mod.ts";
import { readerOf } from "./database.ts";

/** What charts of simulated trades say. */
export function markOf(database: string): string {
  return readerOf(database).heartbeat()?.simulated === true ? "SIMULATED" : "";
}

/** Says in a chart that its trades are simulated, if they are. */
export function marked(database: string, { spec, columns }: Chart): Chart {
  const subtitle = [spec.subtitle, markOf(database)].filter((part) => part !== "").join(", ");
  return { spec: { ...spec, subtitle }, columns };
}

/** A chart that a hub can be asked for. */
export class LiveRequest {
  /**
   * @param database Where the rows come from.
   * @param request What to ask the hub for.
   * @param still The same, as of now.
   */
  constructor(
    readonly database: string,
    readonly request: PairRequest | BarsRequest,
    readonly still: () => Chart,
  ) {}
}
