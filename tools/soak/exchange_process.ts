// deno-lint-ignore-file no-console -- a process of its own answers on standard output
/**
 * The exchange of a soak, a process of its own. Its argument says what to trade; it answers with
 * its addresses, then with a line of JSON to each line on standard input: `calm` ends the faults
 * and tells the last id of each symbol, `end` tells what happened and ends it.
 *
 * @module
 */
import { randomFaults, startExchange } from "../../lib/exchange/mod.ts";
import { TextLineStream } from "../support/lines.ts";
import { TruthWriter } from "./truth_file.ts";

/** What to trade. */
export interface SoakMarket {
  readonly seed: number;
  readonly symbols: number;
  /** Fills per second; about 0.35 aggregates each. */
  readonly fillsPerSecond: number;
  readonly faults: string;
  /** Where every aggregate is written. */
  readonly truth: string;
  /** Where every corrupt text is written, as lines of JSON. */
  readonly corrupt: string;
}

/** What the exchange says of itself at its end. */
export interface SoakMarketSummary {
  readonly faults: Readonly<Record<string, number>>;
  readonly aggregates: number;
}

const DRAIN_MS = 250;

if (import.meta.main) await serve(JSON.parse(Deno.args[0]!));

async function serve(market: SoakMarket): Promise<void> {
  const { seed, symbols, fillsPerSecond, faults: plan } = market;
  const faults = randomFaults({ seed, plan });
  const exchange = await startExchange({
    source: { seed, symbols, ratePerSecond: fillsPerSecond, historyMs: 10_000 },
    keepTrades: 100_000,
    // Half an hour of 20,000 a second and more: the real one gives 48 hours over REST.
    keepAggTrades: 60_000_000,
    faults,
  });
  const names = exchange.symbols;
  const nextIds = names.map(() => 0);
  let aggregates = 0;
  const truth = new TruthWriter(market.truth);
  const drain = () => {
    names.forEach((symbol, k) => {
      for (const trade of exchange.aggTrades(symbol, nextIds[k])) {
        truth.add(k, trade);
        nextIds[k] = trade.tradeId + 1;
        aggregates++;
      }
    });
  };
  const timer = setInterval(drain, DRAIN_MS);
  const { wsUrl, restUrl } = exchange;
  console.log(JSON.stringify({ wsUrl, restUrl, symbols: names }));

  const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream());
  for await (const line of lines) {
    if (line === "end") break;
    faults.isActive = false;
    drain();
    console.log(JSON.stringify(Object.fromEntries(names.map((s, k) => [s, nextIds[k]! - 1]))));
  }
  clearInterval(timer);
  drain();
  truth[Symbol.dispose]();
  await Deno.writeTextFile(
    market.corrupt,
    faults.log.corrupt.map((c) => `${JSON.stringify(c.text)}\n`).join(""),
  );
  const summary: SoakMarketSummary = { faults: Object.fromEntries(faults.log.counts), aggregates };
  console.log(JSON.stringify(summary));
  await exchange[Symbol.asyncDispose]();
}
