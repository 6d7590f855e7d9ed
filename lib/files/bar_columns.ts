import { numberIn } from "./number_text.ts";
import type { Row } from "./row.ts";
import { type Places, type SniffedTable, sniffTable } from "./sniff_table.ts";
import { plainName } from "./table.ts";

/** A field of a bar as files tell it. */
export type BarField =
  | "time"
  | "timeOfDay"
  | "symbol"
  | "open"
  | "high"
  | "low"
  | "close"
  | "volume"
  | "quoteVolume"
  | "tradeCount"
  | "takerBuyVolume"
  | "firstTradeId"
  | "lastTradeId"
  | "simulated";

/** Where each field stands, from 0. */
export type BarColumns = Places<BarField>;

const NAMES: Readonly<Record<Exclude<BarField, "timeOfDay">, readonly string[]>> = {
  time: [
    ...["opentimems", "opentime", "opentimestamp", "timestamp", "timestampms", "time", "timems"],
    ...[
      "datetime",
      "date",
      "ts",
      "t",
      "unix",
      "unixtime",
      "start",
      "starttime",
      "begin",
      "gmttime",
    ],
    ...["candlebegintime", "localtime", "dt"],
  ],
  symbol: ["symbol", "ticker", "pair", "instrument"],
  open: ["open", "o", "openprice", "first"],
  high: ["high", "h", "highprice", "max"],
  low: ["low", "l", "lowprice", "min"],
  close: ["close", "c", "closeprice", "last"],
  volume: ["volume", "v", "vol", "basevolume", "volumebase", "basevol"],
  quoteVolume: [
    ...["quotevolume", "quoteassetvolume", "quoteav", "volumequote", "turnover", "qv", "amount"],
    "quotevol",
  ],
  tradeCount: ["count", "trades", "tradecount", "numberoftrades", "numtrades", "tradescount", "n"],
  takerBuyVolume: [
    ...["takerbuyvolume", "takerbuybaseassetvolume", "takerbuybasevolume", "takerbuy", "tbbav"],
    "takerbuybase",
  ],
  firstTradeId: ["firsttradeid", "firstid"],
  lastTradeId: ["lasttradeid", "lastid"],
  simulated: ["simulated"],
};

const PRICES = ["open", "high", "low", "close", "volume"] as const;

/** The columns of Binance's kline files, which mostly have no names. */
const KLINE: BarColumns = {
  ...{ time: 0, open: 1, high: 2, low: 3, close: 4, volume: 5 },
  ...{ quoteVolume: 7, tradeCount: 8, takerBuyVolume: 9 },
};
const KLINE_CLOSE_TIME = 6;

/**
 * Returns how bars are written in a file.
 *
 * @param rows Its first rows; empty ones do not count.
 * @throws {FileError} If a needed column is missing.
 */
export function sniffBarTable(rows: readonly Row[]): SniffedTable<BarField> {
  return sniffTable(rows, {
    what: "bars",
    needed: ["time", ...PRICES],
    decimals: PRICES,
    named: namedColumns,
    placed: placedColumns,
  });
}

function namedColumns(header: readonly string[]): BarColumns {
  const names = header.map(plainName);
  const at: { [field in BarField]?: number } = {};
  // A column "time" beside a date tells the time of day.
  const [date, timeOfDay] = [names.indexOf("date"), names.indexOf("time")];
  if (date >= 0 && timeOfDay >= 0) Object.assign(at, { time: date, timeOfDay });
  for (const field of Object.keys(NAMES) as (keyof typeof NAMES)[]) {
    if (at[field] !== undefined) continue;
    const taken = new Set(Object.values(at));
    const found = NAMES[field].map((name) => names.findIndex((n, k) => n === name && !taken.has(k)))
      .find((k) => k >= 0);
    if (found !== undefined) at[field] = found;
  }
  // "Volume BTC" and "Volume USDT": base first, as everywhere.
  const volumes = names.flatMap((name, k) => /^volume./.test(name) ? [k] : []);
  if (at.volume === undefined && volumes[0] !== undefined) {
    at.volume = volumes[0];
    if (at.quoteVolume === undefined && volumes[1] !== undefined) at.quoteVolume = volumes[1];
  }
  return at;
}

function placedColumns(first: readonly string[]): BarColumns {
  if (first.length >= 11 && numberIn(first[KLINE_CLOSE_TIME] ?? "") > numberIn(first[0]!)) {
    return KLINE;
  }
  if (first.length < 6) return {};
  const { time, open, high, low, close, volume } = KLINE;
  return { time, open, high, low, close, volume } as BarColumns;
}
