/**
 * The database of a soak against what the exchange wrote down: every trade by id and value, every
 * bar, every gap and every text that was set aside.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { verifyDatabase } from "../../lib/apps/verify/verify_database.ts";
import { openReader } from "../../lib/store/mod.ts";
import { readTruth, type TrueTrade } from "./truth_file.ts";

/** What was compared and what was found. */
export interface Comparison {
  /** Trades that are stored and equal. */
  readonly trades: number;
  /** Bars that follow from them. */
  readonly bars: number;
  readonly gapsRepaired: number;
  readonly gapsLost: number;
  /** Trades that came over REST. */
  readonly fetched: number;
  readonly quarantined: number;
  /** What is wrong, a sentence each; the first hundred. */
  readonly problems: readonly string[];
}

const MOST_PROBLEMS = 100;

/** Compares; `symbols` in the order of their numbers in the truth. */
export async function compare(
  { database, truth, corrupt, symbols, lastIds }: {
    readonly database: string;
    readonly truth: string;
    readonly corrupt: string;
    readonly symbols: readonly string[];
    /** The last id of each symbol that must be stored. */
    readonly lastIds: Readonly<Record<string, number>>;
  },
): Promise<Comparison> {
  const problems: string[] = [];
  const wrong = (sentence: string) => {
    if (problems.length < MOST_PROBLEMS) problems.push(sentence);
  };
  const ids = compareTrades(database, truth, symbols, wrong);
  for (const symbol of symbols) {
    const last = ids.lastIds.get(symbol);
    if ((last ?? -1) < lastIds[symbol]!) wrong(`${symbol} ends at ${last}, not ${lastIds[symbol]}`);
  }
  let bars = 0;
  const quiet = {
    signal: new AbortController().signal,
    report: { info() {}, warn() {}, progress() {}, print() {} },
  };
  for (const finding of await verifyDatabase({ database, symbols: [], json: false }, quiet)) {
    bars += finding.bars;
    for (const difference of finding.differences) wrong(`${finding.symbol}: ${difference}`);
  }
  const quarantined = compareQuarantine(database, corrupt, wrong);
  return { trades: ids.trades, bars, ...gapsOf(database, wrong), quarantined, problems };
}

/** Every id from the first stored one of a symbol on, with every value. */
function compareTrades(
  database: string,
  truth: string,
  symbols: readonly string[],
  wrong: (sentence: string) => void,
): { trades: number; lastIds: Map<string, number> } {
  using db = new DatabaseSync(database, { readOnly: true });
  const page = db.prepare(
    `SELECT trade_id, time_ms, price, quantity, taker_side FROM v_trades
     WHERE symbol = ? AND trade_id BETWEEN ? AND ? ORDER BY trade_id`,
  );
  // Before the first nobody listened, and the market goes on when ingestion has ended.
  const ends = db.prepare(
    "SELECT min(trade_id) AS first, max(trade_id) AS last FROM v_trades WHERE symbol = ?",
  );
  const ranges = symbols.map((symbol) => ends.get(symbol)!);
  const waiting: TrueTrade[][] = symbols.map(() => []);
  const lastIds = new Map<string, number>();
  let trades = 0;
  const check = (k: number) => {
    const own = waiting[k]!;
    const [first, last] = [own[0], own.at(-1)];
    if (first === undefined || last === undefined) return;
    const rows = page.all(symbols[k]!, first.tradeId, last.tradeId);
    if (rows.length !== own.length) {
      wrong(`${symbols[k]} ${first.tradeId} to ${last.tradeId}: ${rows.length} of ${own.length}`);
    }
    const byId = new Map(rows.map((row) => [row.trade_id, row]));
    for (const { tradeId, timeMs, price, quantity, takerSide } of own) {
      const row = byId.get(tradeId);
      if (
        row?.time_ms === timeMs && row.price === price && row.quantity === quantity &&
        row.taker_side === takerSide
      ) trades++;
      else wrong(`${symbols[k]} ${tradeId} is ${JSON.stringify(row)}`);
    }
    lastIds.set(symbols[k]!, last.tradeId);
    waiting[k] = [];
  };
  for (const records of readTruth(truth)) {
    for (const { symbol, trade } of records) {
      const { first, last } = ranges[symbol] as { first: number | null; last: number };
      if (first === null || trade.tradeId < first || trade.tradeId > last) continue;
      if (waiting[symbol]!.push(trade) === 2_048) check(symbol);
    }
  }
  symbols.forEach((_, k) => check(k));
  const stored = Number(db.prepare("SELECT count(*) AS n FROM v_trades").get()!.n);
  if (stored !== trades) wrong(`${stored} trades are stored, ${trades} of them were traded so`);
  return { trades, lastIds };
}

function gapsOf(database: string, wrong: (sentence: string) => void) {
  using db = new DatabaseSync(database, { readOnly: true });
  const count = (sql: string) => Number(db.prepare(sql).get()!.n);
  const unexplained = count(
    `SELECT count(*) AS n FROM v_trades t WHERE source <> 'ws' AND NOT EXISTS (
       SELECT 1 FROM v_gaps g WHERE g.symbol = t.symbol AND g.state = 'repaired'
         AND t.trade_id BETWEEN g.first_missing_id AND g.last_missing_id)`,
  );
  if (unexplained > 0) wrong(`${unexplained} fetched trades lie in no repaired gap`);
  const lost = count("SELECT count(*) AS n FROM v_gaps WHERE state = 'lost'");
  if (lost > 0) wrong(`${lost} gaps are lost`);
  return {
    gapsRepaired: count("SELECT count(*) AS n FROM v_gaps WHERE state = 'repaired'"),
    gapsLost: lost,
    fetched: count("SELECT count(*) AS n FROM v_trades WHERE source <> 'ws'"),
  };
}

/** Nothing but what was sent corrupt is set aside. */
function compareQuarantine(
  database: string,
  corrupt: string,
  wrong: (sentence: string) => void,
): number {
  const sent = new Set(
    Deno.readTextFileSync(corrupt).split("\n").filter((line) => line !== "")
      .map((line) => JSON.parse(line).replaceAll("\0", "\u2400")),
  );
  using reader = openReader(database);
  const kept = reader.quarantine(1e9);
  for (const { raw } of kept) if (!sent.has(raw)) wrong(`Set aside and not corrupt: ${raw}`);
  return kept.length;
}
