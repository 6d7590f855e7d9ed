import {
  type StreamKind,
  symbolName,
  type TakerSide,
  timeId,
  type Trade,
  type TradeSource,
  venueOf,
} from "../market/mod.ts";
import { numberIn, wholeNumberIn } from "./number_text.ts";
import type { Cell } from "./row.ts";
import { isMarked } from "./simulated_mark.ts";
import { TimeReader } from "./time_reader.ts";

/** The cells of a row of trades; `undefined` where there is no such column. */
export interface TradeCells {
  readonly symbol?: Cell | undefined;
  readonly id?: Cell | undefined;
  readonly time: Cell;
  readonly price: Cell;
  readonly quantity: Cell;
  /** Who took: `buy` or `sell`. */
  readonly side?: Cell | undefined;
  /** Whether the buyer was the maker: the taker sold. */
  readonly buyerIsMaker?: Cell | undefined;
  /** Whether a simulated exchange made it. */
  readonly simulated?: Cell | undefined;
}

/** How to read a file of trades. */
export interface TradeFileOptions {
  /** The symbol of all rows; needed where no column tells it, and wins where one does. */
  readonly symbol?: string;
  /** The venue of the trades. @default {"binance-usdm"} */
  readonly venue?: string;
  /** What the ids count. @default {as the columns tell, else "trade"} */
  readonly streamKind?: StreamKind;
  /** Where the file comes from. @default {"import"} */
  readonly source?: TradeSource;
  /** The zone of times that name none, as IANA writes it. @default {"UTC"} */
  readonly zone?: string;
  /** Whether numbers are written `1,5`. @default {false} */
  readonly decimalComma?: boolean;
}

/** A row that is no trade: why, and the id it uses up where it has one. */
export interface NoTrade {
  readonly reason: string;
  readonly tradeId: number | null;
}

const MAKER = sides({
  buy: ["false", "False", "FALSE", "0", "f"],
  sell: ["true", "True", "TRUE", "1", "t"],
});

const SIDES = sides({
  buy: ["buy", "b", "bid", "1", "long"],
  sell: ["sell", "s", "ask", "-1", "short"],
});

interface SymbolState {
  price: number;
  side: TakerSide;
  timeMs: number;
  place: number;
}

/** Turns rows into trades; where a file tells no ids or no sides, makes them and counts that. */
export class TradeRows {
  readonly times: TimeReader;
  /** Trades whose id was made from their time. */
  madeIds = 0;
  /** Trades whose side was told by the tick rule. */
  madeSides = 0;
  /** Rows that say they are of a simulated exchange. */
  simulated = 0;
  readonly #options: TradeFileOptions;
  readonly #source: TradeSource;
  #venue: string | null = null;
  #venueSymbol = "";
  readonly #states = new Map<string, SymbolState>();

  /** @throws {RangeError} If the zone is not known. */
  constructor(options: TradeFileOptions) {
    this.#options = options;
    this.#source = options.source ?? "import";
    this.times = new TimeReader(options.zone);
  }

  /** The trade of a row, or why it is none. */
  read(cells: TradeCells): Trade | NoTrade {
    if (cells.simulated !== undefined && isMarked(cells.simulated)) this.simulated++;
    const symbol = this.#options.symbol ?? symbolName(String(cells.symbol ?? ""));
    const decimalComma = this.#options.decimalComma === true;
    const givenId = cells.id === undefined ? null : wholeNumberIn(cells.id);
    const tradeId = Number.isNaN(givenId) ? null : givenId;
    if (givenId !== null && tradeId === null) return no(`the id "${cells.id}" is no whole number`);
    if (symbol === "") return no("the symbol is missing", tradeId);
    const venue = this.#venueOf(symbol);
    if (venue === null) return no(`no venue has the name that "${symbol}" begins with`, tradeId);
    const timeMs = this.times.read(cells.time);
    if (Number.isNaN(timeMs)) return no(this.times.problem, tradeId);
    const price = numberIn(cells.price, decimalComma);
    if (!(price > 0 && price < Infinity)) return no("its price is no number above 0", tradeId);
    const quantity = numberIn(cells.quantity, decimalComma);
    if (!(quantity > 0 && quantity < Infinity)) {
      return no("its quantity is no number above 0", tradeId);
    }
    let takerSide = sideOf(cells);
    if (takerSide === undefined) return no("its side is neither buy nor sell", tradeId);
    let id = tradeId;
    if (id === null || takerSide === null) {
      const state = this.#advance(symbol, timeMs, price);
      if (takerSide === null) {
        takerSide = state.side;
        this.madeSides++;
      }
      if (id === null) {
        id = timeId(timeMs, state.place);
        if (Number.isNaN(id)) return no("more than 500 trades without ids share its millisecond");
        this.madeIds++;
      }
    }
    return {
      venue,
      symbol,
      tradeId: id,
      timeMs,
      price,
      quantity,
      takerSide,
      source: this.#source,
    };
  }

  /** Most rows are of the same symbol as the one before. */
  #venueOf(symbol: string): string | null {
    if (symbol !== this.#venueSymbol) {
      this.#venueSymbol = symbol;
      this.#venue = this.#options.venue ?? venueOf(symbol)?.code ?? null;
    }
    return this.#venue;
  }

  /**
   * The tick rule: a higher price was bought, a lower one sold, the same is as before.
   * Lee and Ready (1991), Inferring trade direction from intraday data, Journal of Finance 46.
   */
  #advance(symbol: string, timeMs: number, price: number): SymbolState {
    let state = this.#states.get(symbol);
    if (state === undefined) {
      this.#states.set(symbol, state = { price, side: "buy", timeMs, place: 0 });
      return state;
    }
    if (price !== state.price) state.side = price > state.price ? "buy" : "sell";
    state.place = timeMs === state.timeMs ? state.place + 1 : 0;
    state.price = price;
    state.timeMs = timeMs;
    return state;
  }
}

function no(reason: string, tradeId: number | null = null): NoTrade {
  return { reason, tradeId };
}

/** A map, as an object also has what it inherits: "constructor" is no side. */
function sides(words: Readonly<Record<TakerSide, readonly string[]>>): Map<string, TakerSide> {
  const entries = Object.entries(words) as [TakerSide, readonly string[]][];
  return new Map(entries.flatMap(([side, names]) => names.map((name) => [name, side] as const)));
}

/** `null` where no column tells it, `undefined` where the cell cannot be read. */
function sideOf({ buyerIsMaker, side }: TradeCells): TakerSide | null | undefined {
  if (buyerIsMaker !== undefined) return MAKER.get(String(buyerIsMaker));
  if (side === undefined) return null;
  const word = String(side);
  return SIDES.get(word) ?? SIDES.get(word.toLowerCase());
}
