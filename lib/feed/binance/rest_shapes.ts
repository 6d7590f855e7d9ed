import { z } from "zod";
import { BINANCE_USDM, type Instrument } from "../../market/mod.ts";

/** One official candlestick. */
export interface Kline {
  /** Start of the interval, ms since the epoch. */
  readonly openTimeMs: number;
  /** Last millisecond of the interval, ms since the epoch. */
  readonly closeTimeMs: number;
  /** Price of the first trade. */
  readonly open: number;
  /** Highest price. */
  readonly high: number;
  /** Lowest price. */
  readonly low: number;
  /** Price of the last trade. */
  readonly close: number;
  /** Base volume. */
  readonly volume: number;
  /** Quote volume. */
  readonly quoteVolume: number;
  /** Number of single trades, not of aggregates. */
  readonly tradeCount: number;
  /** Base volume of trades whose taker bought. */
  readonly takerBuyVolume: number;
}

/** What happened to a symbol in the last 24 hours. */
export interface DayTicker {
  /** The symbol as the exchange writes it. */
  readonly symbol: string;
  /** Id of the last single trade, not of the last aggregate. */
  readonly lastTradeId: number;
  /** Number of single trades. */
  readonly tradeCount: number;
  /** Price of the last trade. */
  readonly lastPrice: number;
  /** Quote volume. */
  readonly quoteVolume: number;
}

const decimal = z.string().regex(/^-?\d+(\.\d+)?$/).transform(Number);
const whole = z.number().int();

export const serverTimeShape: z.ZodType<number> = z.object({ serverTime: whole })
  .transform((answer) => answer.serverTime);

export const klinesShape: z.ZodType<Kline[]> = z.array(
  z.tuple([
    whole,
    decimal,
    decimal,
    decimal,
    decimal,
    decimal,
    whole,
    decimal,
    whole,
    decimal,
  ], z.unknown()).transform(([openTimeMs, open, high, low, close, volume, ...more]): Kline => {
    const [closeTimeMs, quoteVolume, tradeCount, takerBuyVolume] = more;
    return {
      openTimeMs,
      closeTimeMs: closeTimeMs as number,
      open,
      high,
      low,
      close,
      volume,
      quoteVolume: quoteVolume as number,
      tradeCount: tradeCount as number,
      takerBuyVolume: takerBuyVolume as number,
    };
  }),
);

const dayTicker = z.object({
  symbol: z.string(),
  lastId: whole,
  count: whole,
  lastPrice: decimal,
  quoteVolume: decimal,
}).transform((row): DayTicker => ({
  symbol: row.symbol,
  lastTradeId: row.lastId,
  tradeCount: row.count,
  lastPrice: row.lastPrice,
  quoteVolume: row.quoteVolume,
}));

export const dayTickersShape: z.ZodType<DayTicker[]> = z.union([
  z.array(dayTicker),
  dayTicker.transform((one) => [one]),
]);

/** `st` of a USD-M contract; rows have it since 2026-06-30, and not all of them. */
const USD_MARGINED = 1;

const instrument = z.object({
  symbol: z.string(),
  baseAsset: z.string(),
  quoteAsset: z.string(),
  contractType: z.string(),
  status: z.string(),
  filters: z.array(z.looseObject({ filterType: z.string() })),
  st: z.literal(USD_MARGINED).optional(),
}).transform((row, context): Instrument => {
  const step = (filterType: string, field: string): number => {
    const value = Number(row.filters.find((f) => f.filterType === filterType)?.[field]);
    if (!(value > 0)) context.addIssue(`has no ${field} > 0`);
    return value;
  };
  return {
    venue: BINANCE_USDM,
    symbol: row.symbol,
    baseAsset: row.baseAsset,
    quoteAsset: row.quoteAsset,
    contractType: row.contractType,
    status: row.status,
    tickSize: step("PRICE_FILTER", "tickSize"),
    stepSize: step("LOT_SIZE", "stepSize"),
  };
});

/** A contract of another family or of an unknown shape is left out: new ones come without notice. */
export const instrumentsShape: z.ZodType<Instrument[]> = z.object({ symbols: z.array(z.unknown()) })
  .transform(({ symbols }) =>
    symbols.flatMap((symbol) => {
      const { data } = instrument.safeParse(symbol);
      return data === undefined ? [] : [data];
    })
  );
