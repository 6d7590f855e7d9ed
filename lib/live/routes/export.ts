import { formatInterval } from "../../market/mod.ts";
import {
  barTable,
  equityTable,
  markedAs,
  readingTable,
  screenTable,
  type Table,
  tradeTable,
  tripTable,
} from "../../tables/mod.ts";
import { download } from "../download.ts";
import { HubError } from "../hub_error.ts";
import { readQuery, requireSymbols } from "../query.ts";
import { json } from "../respond.ts";
import { tradedPair } from "./backtest.ts";
import type { Route, RouteContext } from "./route.ts";

/** A table and the name of its file, without its end. */
interface Named {
  readonly name: string;
  readonly table: Table;
}

/**
 * A table as a file that is made while it is sent: trades or bars of a symbol, readings of a pair,
 * the ranking of all pairs, round trips or equity of a backtest. Without `what`, bars where there is
 * a `symbol`, else readings.
 */
export const exportTable: Route = async (context) => {
  const { query, downloads, ending } = context;
  const { what, format, id } = readQuery("export", {
    what: "symbol" in query ? "bars" : "readings",
    ...query,
  });
  const state = id === undefined ? null : downloads.begin(id);
  try {
    return await download(await TABLES[what](context), format, ending, state);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    state?.stop(message);
    if (!(cause instanceof RangeError)) throw cause;
    throw new HubError(409, "cannot_export", message, { cause });
  }
};

/** How far the download of an `id` is. */
export const exportState: Route = ({ query, downloads }) => {
  const { id } = readQuery("exportState", query);
  return json(downloads.state(id));
};

const TABLES: Readonly<
  Record<
    "trades" | "bars" | "readings" | "screen" | "trips" | "equity",
    (context: RouteContext) => Named | Promise<Named>
  >
> = {
  trades({ source, query }) {
    const { symbol, from, to } = readQuery("tradeExport", query);
    return source.read((reader) => {
      requireSymbols(reader, symbol);
      const range = { fromMs: from ?? null, toMs: to ?? null };
      return {
        name: `${symbol}-trades`,
        table: tradeTable(reader, { symbols: [symbol], ...range }),
      };
    });
  },
  bars({ source, query }) {
    const { symbol, interval: intervalMs, from, to } = readQuery("barExport", query);
    return source.read((reader) => {
      requireSymbols(reader, symbol);
      const range = { fromMs: from ?? null, toMs: to ?? null };
      return {
        name: `${symbol}-${formatInterval(intervalMs)}`,
        table: barTable(reader, { symbols: [symbol], intervalMs, ...range }),
      };
    });
  },
  readings({ source, query }) {
    const { y, x, interval: intervalMs, window, method, scale, from, to, limit } = readQuery(
      "readingExport",
      query,
    );
    return source.read((reader) => {
      requireSymbols(reader, y, x);
      const newest = [y, x].flatMap((symbol) => reader.bars({ symbol, intervalMs, limit: 1 }));
      const newestMs = Math.max(...newest.map((bar) => bar.openTimeMs));
      const ofLimit = limit === undefined ? null : newestMs - (limit - 1) * intervalMs;
      return {
        name: `${y}-${x}-${formatInterval(intervalMs)}`,
        table: readingTable(reader, {
          ...{ y, x, intervalMs, fromMs: from ?? ofLimit, toMs: to ?? null },
          pair: { windowBars: window, method, scale },
        }),
      };
    });
  },
  async screen(context) {
    const { screens, query } = context;
    const asked = readQuery("screen", query);
    const limit = query.limit === undefined ? Infinity : asked.limit;
    const report = await screens.report({ ...asked, limit });
    const name = `screen-${formatInterval(asked.interval)}-${asked.window}`;
    return { name, table: marked(context, screenTable(report)) };
  },
  trips: (context) => {
    const { name, result, times } = traded(context);
    return { name: `${name}-trips`, table: marked(context, tripTable(result, times)) };
  },
  equity: (context) => {
    const { name, result, times } = traded(context);
    return { name: `${name}-equity`, table: marked(context, equityTable(result, times)) };
  },
};

/** Says of simulated prices that they are. */
function marked({ source }: RouteContext, table: Table): Table {
  return source.read((reader) => markedAs(reader, table));
}

function traded({ source, query }: RouteContext) {
  const asked = readQuery("backtest", query);
  const { result } = tradedPair(source, asked);
  return {
    name: `${asked.y}-${asked.x}-${formatInterval(asked.interval)}`,
    result,
    times: result.readings.map(({ openTimeMs }) => openTimeMs),
  };
}
