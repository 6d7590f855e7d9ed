import { BINANCE_USDM, BYBIT_LINEAR, OKX_SWAP, type Trade } from "../market/mod.ts";
import { atMost } from "../streams/mod.ts";
import { simulatedBybit } from "./bybit/bybit.ts";
import { summariseCapture } from "./capture_summary.ts";
import { Channels } from "./channels.ts";
import { Connection } from "./connection.ts";
import { formatDecimal } from "./decimal.ts";
import type { ExchangeFaults, FaultMarket } from "./faults.ts";
import type { CointegratedPair } from "./market_model.ts";
import { simulatedOkx } from "./okx/okx.ts";
import { listen } from "./listen.ts";
import type { ExchangeOptions, ReplayOptions, SeededOptions } from "./options.ts";
import { ReplaySource } from "./replay_source.ts";
import { RestServer } from "./rest_server.ts";
import { RowBudget } from "./row_history.ts";
import { seededContracts } from "./seeded_contracts.ts";
import { SeededSource } from "./seeded_source.ts";
import type { AwaitedSymbol, Source } from "./source.ts";
import { socketRequest } from "./stream_route.ts";
import type { TapeBudgets } from "./tape.ts";
import type { Market, MarketTape } from "./venue_market.ts";

/** How long clients get to answer that the exchange closes, or to read their answers, ms. */
const CLOSING_MS = 1_000;

/** Deno pings a silent client after half of this time, s: every three minutes, as the real one. */
const IDLE_TIMEOUT_SECONDS = 360;

/** An aggregate with the fills it stands for; `tradeId` is the aggregate id. */
export interface AggregateTrade extends Trade {
  /** Trade id of the first fill. */
  readonly firstTradeId: number;
  /** Trade id of the last fill. */
  readonly lastTradeId: number;
}

/** A running simulated exchange. Disposing it closes every socket. */
export interface Exchange extends FaultMarket, AsyncDisposable {
  /** The address it listens on. */
  readonly hostname: string;
  /** The port it listens on. */
  readonly port: number;
  /** The base of its sockets, `ws://127.0.0.1:PORT`. */
  readonly wsUrl: string;
  /** The base of its REST paths, `http://127.0.0.1:PORT`. */
  readonly restUrl: string;
  /** The truth behind a seeded market: which pairs are cointegrated, and how. */
  readonly truth: { readonly pairs: readonly CointegratedPair[] };
  /** Lines of a replay that hold no frame of a stream. */
  readonly skippedLines: number;
  /** Fulfilled when the last line of a replay was played, or on close; rejected if it cannot go on. */
  readonly finished: Promise<void>;
  /** The captured symbols a replay still waits for; empty once it plays. */
  awaiting(): AwaitedSymbol[];
  /** The exchange's clock, ms since the epoch. Everything that happened before was sent. */
  clockMs(): number;
  /**
   * The trades of a symbol so far, oldest first, as far as they are kept, as a venue tells them:
   * symbol and ids are those of the first one, prices its own. @default {"binance-usdm"}
   */
  trades(symbol: string, venue?: string): Trade[];
  /**
   * The ended aggregates of a symbol so far, oldest first, as far as they are kept; only those from an
   * id on if one is given.
   */
  aggTrades(symbol: string, fromId?: number): AggregateTrade[];
}

/**
 * Starts a simulated Binance USD-M exchange on loopback: routed sockets and REST with the real
 * payloads, replies, errors, silences, weights and limits.
 *
 * A seeded exchange makes up trades from a documented market model; a replay plays captured lines.
 * Its clock is its own: that of a replay follows the capture.
 *
 * @example Twenty symbols and a pair that is truly cointegrated
 * ```ts
 * import { startExchange } from "tandem/exchange";
 * import { deepStrictEqual, strictEqual } from "node:assert/strict";
 *
 * await using exchange = await startExchange({ source: { seed: 7, symbols: 20 } });
 * const response = await fetch(`${exchange.restUrl}/fapi/v1/aggTrades?symbol=ETHUSDT&limit=3`);
 * const rows = await response.json();
 * strictEqual(rows.length, 3);
 * deepStrictEqual([rows[1].a, rows[2].a], [rows[0].a + 1, rows[0].a + 2]);
 *
 * const { y, x, hedgeRatio } = exchange.truth.pairs[0]!;
 * deepStrictEqual([y, x, hedgeRatio], ["ETHUSDT", "BTCUSDT", 1.2]);
 * ```
 *
 * @param options Where the trades come from and where to listen.
 * @returns The running exchange.
 * @throws {RangeError} If an option is out of its range.
 * @throws {Error} If a captured file cannot be played or the port is taken.
 */
export async function startExchange(options: ExchangeOptions): Promise<Exchange> {
  const { hostname = "127.0.0.1", port = 0, faults = {} } = options;
  const budgets: TapeBudgets = {
    trades: new RowBudget(options.keepTrades ?? 1_000_000),
    aggTrades: new RowBudget(options.keepAggTrades ?? 4_000_000),
  };
  let onSubscribed = () => {};
  const channels = new Channels(() => onSubscribed());
  let source: Source;
  if ("files" in options.source) {
    const replay = await replaySource(options.source, budgets, channels);
    onSubscribed = () => replay.subscribed();
    source = replay;
  } else {
    source = seededSource(options.source, budgets, channels);
  }
  const rest = new RestServer(source, faults, options.weightPerMinute);
  const [okx, bybit] = [source.toldBy(OKX_SWAP), source.toldBy(BYBIT_LINEAR)];
  const others = [simulatedOkx(okx, faults), simulatedBybit(bybit, faults)];
  const markets = new Map<string, Market>([[OKX_SWAP, okx], [BYBIT_LINEAR, bybit]]);
  const server = listen({ hostname, port, onListen: () => {} }, (request, { remoteAddr }) => {
    for (const other of others) {
      const answer = other.handle(request, remoteAddr.hostname);
      if (answer !== null) return answer;
    }
    if (request.headers.get("upgrade")?.toLowerCase() === "websocket") {
      return openSocket(request, channels, faults);
    }
    return rest.handle(request, remoteAddr.hostname);
  });
  const stopping = new AbortController();
  const running = source.run(stopping.signal);
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  const address = `${host}:${server.addr.port}`;
  const market = marketOf(source);
  const stopFaults = faults.start?.(market);
  return {
    hostname,
    port: server.addr.port,
    wsUrl: `ws://${address}`,
    restUrl: `http://${address}`,
    get symbols() {
      return market.symbols;
    },
    list: market.list,
    delist: market.delist,
    truth: { pairs: source.pairs },
    skippedLines: source.skippedLines,
    finished: source.finished,
    awaiting: () => source.awaiting(),
    clockMs: () => source.clockMs(),
    trades(symbol, venue = BINANCE_USDM) {
      const tape = (markets.get(venue) ?? source).tapes.get(symbol);
      return tradesOf(tape, symbol, (kept) => kept.trades).map((t) => ({ ...t, venue }));
    },
    aggTrades: (symbol, fromId) =>
      tradesOf(source.tapes.get(symbol), symbol, (kept) => kept.aggTrades, fromId),
    async [Symbol.asyncDispose]() {
      stopFaults?.();
      stopping.abort();
      await running;
      const closing = others.map((other) => other.close(CLOSING_MS));
      await Promise.all([closeSockets(channels), ...closing]);
      await atMost(CLOSING_MS, server.shutdown());
    },
  };
}

async function replaySource(
  { files, speed = 1, start = "subscribed" }: ReplayOptions,
  budgets: TapeBudgets,
  channels: Channels,
): Promise<ReplaySource> {
  const factor = speed === "max" ? Infinity : speed;
  if (!(factor > 0)) {
    throw new RangeError(
      `Cannot replay as "speed" must be > 0 or "max": current value is ${speed}`,
    );
  }
  const summary = await summariseCapture(files);
  return new ReplaySource(
    summary,
    { speed: factor, startsNow: start === "now" },
    budgets,
    channels,
  );
}

function seededSource(options: SeededOptions, budgets: TapeBudgets, channels: Channels) {
  const { seed, symbols = 20, ratePerSecond = 100, historyMs = 600_000 } = options;
  const { startMs = Date.now() } = options;
  if (!(historyMs >= 0 && historyMs < startMs)) {
    throw new RangeError(
      `Cannot simulate as "historyMs" must be >= 0 and less than the start: current value is ${historyMs}`,
    );
  }
  const model = { seed, contracts: seededContracts(symbols), ratePerSecond };
  return new SeededSource(model, { startMs, historyMs }, budgets, channels);
}

function openSocket(request: Request, channels: Channels, faults: ExchangeFaults): Response {
  const asked = socketRequest(new URL(request.url));
  if (asked === null) return new Response(null, { status: 404 });
  const { socket, response } = Deno.upgradeWebSocket(request, {
    idleTimeout: IDLE_TIMEOUT_SECONDS,
  });
  new Connection(socket, asked, channels, faults);
  return response;
}

async function closeSockets(channels: Channels): Promise<void> {
  const closed = [...channels.connections].map((connection) => {
    connection.close(1001, "Exchange is closing");
    return connection.closed();
  });
  await atMost(CLOSING_MS, Promise.all(closed));
}

function marketOf(source: Source): FaultMarket {
  return {
    get symbols() {
      return [...source.tapes.values()].filter((tape) => tape.status === "TRADING")
        .map((tape) => tape.contract.symbol);
    },
    list: (symbol) => source.list(symbol),
    delist: (symbol, status = "SETTLING") => source.delist(symbol, status),
  };
}

function tradesOf<T extends MarketTape>(
  tape: T | undefined,
  symbol: string,
  rowsOf: (tape: T) => MarketTape["trades"],
  fromId = 0,
): AggregateTrade[] {
  if (tape === undefined) {
    throw new RangeError(`Cannot tell trades as the symbol must be known: it is "${symbol}"`);
  }
  const { pricePrecision, quantityPrecision } = tape.contract;
  const rows = rowsOf(tape);
  return rows.slice(rows.indexOfId(fromId), rows.size).map((row) => ({
    venue: BINANCE_USDM,
    symbol,
    tradeId: row.id,
    timeMs: row.timeMs,
    price: Number(formatDecimal(row.price, pricePrecision)),
    quantity: Number(formatDecimal(row.quantity, quantityPrecision)),
    takerSide: row.takerSold ? "sell" : "buy",
    source: "ws",
    firstTradeId: row.firstId,
    lastTradeId: row.lastId,
  }));
}
