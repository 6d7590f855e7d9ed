import type { Command } from "commander";
import { BINANCE_USDM, ccxtNameOf, type StreamKind, symbolName, venueOf } from "../market/mod.ts";
import {
  baseUrl,
  ccxtUrlOption,
  durationMs,
  hostOf,
  option,
  restUrlOption,
  wholeNumber,
  wsUrlOption,
} from "./options.ts";
import { OTHER_DOORS } from "./other_doors.ts";
import { refuseOtherVenues } from "./other_venues.ts";
import { UsageError } from "./program.ts";

/** What is followed live, and how. */
export interface FeedSelection {
  /** The symbols named; may be empty with `all`. */
  readonly symbols: readonly string[];
  readonly all: boolean;
  readonly quote: string;
  /** Which trades of Binance. */
  readonly streamKind: StreamKind;
  readonly wsUrl: string;
  readonly restUrl: string;
  readonly okxWsUrl: string;
  readonly okxRestUrl: string;
  readonly bybitWsUrl: string;
  readonly bybitRestUrl: string;
  /** Where the gateway to ccxt is. */
  readonly ccxtUrl: string;
  /** How many symbols one socket carries. */
  readonly symbolsPerSocket: number;
  /** Whether every symbol comes over two sockets. */
  readonly redundant: boolean;
  /** About how old a socket becomes before another takes its place, ms. */
  readonly rotateMs: number;
}

/** Declares the symbols and the options of what is followed live. */
export function addFeedOptions(command: Command): Command {
  command
    .argument("[symbols...]", "symbols such as BTCUSDT, okx:BTC-USDT-SWAP, kraken:BTC/USD:USD")
    .addOption(
      option("--stream <kind>", "aggTrade (repairable) or trade (single fills)")
        .choices(["aggTrade", "trade"]).default("aggTrade"),
    )
    .addOption(wsUrlOption())
    .addOption(restUrlOption());
  for (const { flag, name, wsUrl, restUrl } of OTHER_DOORS) {
    command.addOption(
      option(`--${flag}-ws-url <url>`, `base URL of ${name}'s sockets`)
        .argParser(baseUrl("ws", "wss")).default(wsUrl),
    ).addOption(
      option(`--${flag}-rest-url <url>`, `base URL of ${name}'s REST`)
        .argParser(baseUrl("http", "https")).default(restUrl),
    );
  }
  return command
    .addOption(ccxtUrlOption())
    .addOption(option("--all", "every trading perpetual of the quote asset"))
    .addOption(option("--quote <asset>", "quote asset for --all").default("USDT"))
    .addOption(
      option("--streams-per-socket <n>", "symbols that one socket carries, at most 1000")
        .argParser(wholeNumber(1, 1_000)).default(200),
    )
    .addOption(option("--redundant", "two sockets for every symbol, so that one may fail"))
    .addOption(
      option("--rotate <time>", "age at which a socket is replaced; the exchange cuts at 24h")
        .argParser(durationMs).default(23 * 3_600_000, "23h"),
    );
}

/**
 * Reads what is followed live.
 *
 * @param action What is done with it, for a sentence.
 * @throws {UsageError} If nothing is named, or something that is no symbol.
 */
export function readFeedOptions(action: string, command: Command): FeedSelection {
  const o = command.opts();
  const symbols = [...new Set(command.args.map(symbolName))];
  if (symbols.length === 0 && o.all !== true) {
    throw new UsageError(
      `Cannot ${action} as no symbol is named: give symbols such as "BTCUSDT ETHUSDT", or --all`,
    );
  }
  const direct = symbols.filter((symbol) => ccxtNameOf(symbol) === null);
  refuseOtherVenues(action, direct, OTHER_DOORS.map(({ code }) => code));
  const names = [/^[\p{L}\p{N}_]{2,40}$/u, ...OTHER_DOORS.map(({ symbol }) => symbol)];
  const odd = direct.find((symbol) => !names.some((name) => name.test(symbol)));
  if (odd !== undefined) {
    throw new UsageError(`Cannot ${action} "${odd}" as it is not a symbol such as "BTCUSDT"`);
  }
  return {
    symbols,
    all: o.all === true,
    quote: String(o.quote).toUpperCase(),
    streamKind: o.stream,
    wsUrl: o.wsUrl,
    restUrl: o.restUrl,
    okxWsUrl: o.okxWsUrl,
    okxRestUrl: o.okxRestUrl,
    bybitWsUrl: o.bybitWsUrl,
    bybitRestUrl: o.bybitRestUrl,
    ccxtUrl: o.ccxtUrl,
    symbolsPerSocket: o.streamsPerSocket,
    redundant: o.redundant === true,
    rotateMs: o.rotate,
  };
}

/** The hosts of the venues whose symbols are named. */
export function feedHosts(selection: FeedSelection): string[] {
  const { symbols, all, wsUrl, restUrl, ccxtUrl } = selection;
  const codes = new Set(symbols.map((symbol) => venueOf(symbol)?.code));
  return [
    ...new Set([
      ...(all || codes.has(BINANCE_USDM) ? [hostOf(wsUrl), hostOf(restUrl)] : []),
      ...OTHER_DOORS.filter(({ code }) => codes.has(code)).flatMap(({ wsField, restField }) => [
        hostOf(selection[wsField]),
        hostOf(selection[restField]),
      ]),
      ...(symbols.some((symbol) => ccxtNameOf(symbol) !== null) ? [hostOf(ccxtUrl)] : []),
    ]),
  ];
}
