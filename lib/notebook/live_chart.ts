import { type Chart, renderSvg } from "../charts/mod.ts";
import type { BarsRequest, PairRequest } from "../live/mod.ts";
import { readerOf } from "./database.ts";
import { hubUrl } from "./hub.ts";
import { isInNotebook, type MediaBundle } from "./kernel.ts";
import { output, pictureBundle, type Showable } from "./show.ts";

/** What charts of simulated trades say. */
function markOf(database: string): string {
  return readerOf(database).heartbeat()?.simulated === true ? "SIMULATED" : "";
}

/** Says in a chart that its trades are simulated, if they are. */
export function marked(database: string, { spec, columns }: Chart): Chart {
  const subtitle = [spec.subtitle, markOf(database)].filter((part) => part !== "").join(", ");
  return { spec: { ...spec, subtitle }, columns };
}

/** A chart that asks this kernel for its rows as long as it is looked at. */
export class LiveChart implements Showable {
  readonly #database: string;
  readonly #request: PairRequest | BarsRequest;
  readonly #chart: () => Chart;

  /**
   * @param database Where the rows come from.
   * @param request What to ask the hub for.
   * @param chart The same, as of now: what the picture shows.
   */
  constructor(database: string, request: PairRequest | BarsRequest, chart: () => Chart) {
    this.#database = database;
    this.#request = request;
    this.#chart = chart;
  }

  async [output](): Promise<MediaBundle> {
    const { spec, columns } = this.#chart();
    const svg = await renderSvg(spec, columns);
    const url = isInNotebook ? await hubUrl(this.#database) : null;
    return pictureBundle({
      svg,
      title: spec.title,
      note: markOf(this.#database),
      script: url === null ? null : (id) => liveScript(url, id, this.#request),
    });
  }
}

/** Where the hub cannot be reached the import fails, and the picture stays. */
function liveScript(url: string, id: string, request: PairRequest | BarsRequest): string {
  const [address, element, asked] = [url, id, request].map((value) => JSON.stringify(value));
  return `import(${address}+"chart.js").then(({hydrate})=>` +
    `{const e=document.getElementById(${element});hydrate(e,${address},${asked});` +
    `e.nextElementSibling.hidden=false})` +
    `.catch((e)=>console.info("Tandem keeps the picture:",e.message))`;
}
