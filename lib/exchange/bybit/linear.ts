import { formatDecimal } from "../decimal.ts";
import type { TradeRow } from "../trade_row.ts";
import type { MarketTape } from "../venue_market.ts";

/** About what the venue has counted to: ids made of it do not fit 32 bits. */
const FIRST_SEQUENCE = 500_000_000_000;

/** A fill, and the number that it shares with what the same taker filled. */
export interface SequencedRow {
  readonly row: TradeRow;
  readonly sequence: number;
}

/** Returns whether one taker filled both: the same side, in the same millisecond. */
function isOneTaker(a: TradeRow, b: TradeRow): boolean {
  return a.timeMs === b.timeMs && a.takerSold === b.takerSold;
}

/** Numbers fills that follow one another, the first of them at a position of the tape's trades. */
export function sequenced(
  { trades }: MarketTape,
  rows: readonly TradeRow[],
  position: number,
): SequencedRow[] {
  let first = rows[0];
  for (let at = position - 1; first !== undefined && at >= 0; at--) {
    const before = trades.at(at)!;
    if (!isOneTaker(before, first)) break;
    first = before;
  }
  return rows.map((row) => {
    if (!isOneTaker(first!, row)) first = row;
    return { row, sequence: FIRST_SEQUENCE + first!.id };
  });
}

/** What the venue calls a fill: the same in each message and answer, and unlike any other. */
function nameOf({ contract }: MarketTape, { id }: TradeRow): string {
  let hash = 0;
  for (const letter of contract.symbol) hash = (hash * 31 + letter.codePointAt(0)!) >>> 0;
  const [symbol, digits] = [hash.toString(16).padStart(8, "0"), id.toString(16).padStart(12, "0")];
  return `${symbol}-0000-5000-8000-${digits}`;
}

function textsOf({ contract }: MarketTape, row: TradeRow) {
  return {
    price: formatDecimal(row.price, contract.pricePrecision),
    size: formatDecimal(row.quantity, contract.quantityPrecision),
    side: row.takerSold ? "Sell" : "Buy",
  };
}

/** A row of `publicTrade`. */
export function socketRow(tape: MarketTape, { row, sequence }: SequencedRow): string {
  const { price, size, side } = textsOf(tape, row);
  return `{"T":${row.timeMs},"s":"${tape.contract.symbol}","S":"${side}","v":"${size}",` +
    `"p":"${price}","L":"ZeroPlusTick","i":"${nameOf(tape, row)}","BT":false,"RPI":false,` +
    `"seq":${sequence}}`;
}

/** A row of `recent-trade`. */
export function restRow(tape: MarketTape, { row, sequence }: SequencedRow): unknown {
  return {
    ...{ execId: nameOf(tape, row), symbol: tape.contract.symbol, ...textsOf(tape, row) },
    ...{ time: String(row.timeMs), isBlockTrade: false, isRPITrade: false, seq: String(sequence) },
  };
}
