import type { Contract } from "./contract.ts";
import { formatDecimal } from "./decimal.ts";
import type { Tape } from "./tape.ts";
import { WEIGHT_LIMIT } from "./weight_meter.ts";

const PERPETUAL_DELIVERY_MS = 4_133_404_800_000;
const ONBOARD_MS = 1_569_398_400_000;

function filters(contract: Contract): unknown[] {
  const { pricePrecision, quantityPrecision, tickUnits } = contract;
  const tickSize = formatDecimal(tickUnits, pricePrecision);
  const stepSize = formatDecimal(1, quantityPrecision);
  return [
    {
      filterType: "PRICE_FILTER",
      minPrice: tickSize,
      maxPrice: formatDecimal(tickUnits * 10_000_000, pricePrecision),
      tickSize,
    },
    { filterType: "LOT_SIZE", minQty: stepSize, maxQty: "1000000", stepSize },
    { filterType: "MARKET_LOT_SIZE", minQty: stepSize, maxQty: "100000", stepSize },
    { filterType: "MAX_NUM_ORDERS", limit: 200 },
    { filterType: "MAX_NUM_ALGO_ORDERS", limit: 10 },
    { filterType: "MIN_NOTIONAL", notional: "5" },
    {
      filterType: "PERCENT_PRICE",
      multiplierUp: "1.0500",
      multiplierDown: "0.9500",
      multiplierDecimal: "4",
    },
  ];
}

function symbolInfo({ contract, status }: Tape): unknown {
  return {
    symbol: contract.symbol,
    pair: contract.symbol,
    contractType: "PERPETUAL",
    deliveryDate: PERPETUAL_DELIVERY_MS,
    onboardDate: ONBOARD_MS,
    status,
    maintMarginPercent: "2.5000",
    requiredMarginPercent: "5.0000",
    baseAsset: contract.baseAsset,
    quoteAsset: contract.quoteAsset,
    marginAsset: contract.quoteAsset,
    pricePrecision: contract.pricePrecision,
    quantityPrecision: contract.quantityPrecision,
    baseAssetPrecision: 8,
    quotePrecision: 8,
    underlyingType: "COIN",
    underlyingSubType: [],
    triggerProtect: "0.0500",
    liquidationFee: "0.012500",
    marketTakeBound: "0.05",
    maxMoveOrderLimit: 10_000,
    filters: filters(contract),
    orderTypes: [
      "LIMIT",
      "MARKET",
      "STOP",
      "STOP_MARKET",
      "TAKE_PROFIT",
      "TAKE_PROFIT_MARKET",
      "TRAILING_STOP_MARKET",
    ],
    timeInForce: ["GTC", "IOC", "FOK", "GTX", "GTD"],
  };
}

/** Answers `GET /fapi/v1/exchangeInfo`. */
export function exchangeInfo(tapes: ReadonlyMap<string, Tape>, nowMs: number): string {
  const contracts = [...tapes.values()].map(({ contract }) => contract);
  const assets = [...new Set(contracts.map(({ quoteAsset }) => quoteAsset))];
  return JSON.stringify({
    timezone: "UTC",
    serverTime: nowMs,
    futuresType: "U_MARGINED",
    rateLimits: [
      {
        rateLimitType: "REQUEST_WEIGHT",
        interval: "MINUTE",
        intervalNum: 1,
        limit: WEIGHT_LIMIT,
      },
      { rateLimitType: "ORDERS", interval: "MINUTE", intervalNum: 1, limit: 1_200 },
      { rateLimitType: "ORDERS", interval: "SECOND", intervalNum: 10, limit: 300 },
    ],
    exchangeFilters: [],
    assets: assets.map((asset) => ({
      asset,
      marginAvailable: true,
      autoAssetExchange: "-10000",
    })),
    symbols: [...tapes.values()].map(symbolInfo),
  });
}
