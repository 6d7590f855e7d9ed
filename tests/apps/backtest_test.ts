import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { fundingLines } from "../../lib/apps/backtest/funding.ts";
import { countFills, spreadLines } from "../../lib/apps/backtest/spreads.ts";
import { list, steps } from "../../lib/apps/backtest/steps.ts";
import { merged } from "../../lib/apps/backtest/legs.ts";
import { backtest, backtestMetrics, fundingColumns, pairBacktest } from "../../lib/backtest/mod.ts";
import type { Mark } from "../../lib/market/mod.ts";
import { alignCloses } from "../../lib/pairs/mod.ts";
import { openWriter } from "../../lib/store/mod.ts";
import { normal } from "../support/random.ts";
import { run } from "../support/programs.ts";

const START_MS = Date.UTC(2025, 0, 6);
const BARS = 900;

/** Minutes of two legs whose spread comes back. */
function minutes(): { openTimeMs: number; y: [number, number]; x: [number, number] }[] {
  const next = normal(21);
  let [level, spread] = [Math.log(100), 0];
  let [y, x] = [250, 100];
  return Array.from({ length: BARS }, (_, t) => {
    level += 1e-3 * next();
    spread = 0.9 * spread + 2e-3 * next();
    const open: [number, number] = [y, x];
    const digits = (value: number) => Number(value.toPrecision(9));
    [y, x] = [digits(Math.exp(1 + 0.9 * level + spread)), digits(Math.exp(level))];
    return { openTimeMs: START_MS + 60_000 * t, y: [open[0], y], x: [open[1], x] };
  });
}

/** Two files of bars and a database with the same ones. */
async function prepared(): Promise<{ folder: string; y: string; x: string; database: string }> {
  const folder = await Deno.makeTempDir();
  const rows = minutes();
  const database = `${folder}/a.db`;
  const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
  using writer = openWriter(database, { identity });
  for (const leg of ["y", "x"] as const) {
    const symbol = `${leg.toUpperCase()}USDT`;
    writer.register("binance-usdm", symbol, "aggTrade");
    const bars = rows.map((row) => {
      const [open, close] = row[leg];
      return {
        ...{ venue: "binance-usdm", symbol, intervalMs: 60_000, openTimeMs: row.openTimeMs, open },
        ...{ high: Math.max(open, close), low: Math.min(open, close), close, volume: 1 },
        ...{
          quoteVolume: close,
          tradeCount: 1,
          takerBuyVolume: 0,
          firstTradeId: 1,
          lastTradeId: 2,
        },
        ...{ complete: true, revision: 0 },
      };
    });
    writer.write({ bars });
    const lines = bars.map(({ openTimeMs, open, high, low, close }) =>
      [openTimeMs, open, high, low, close, 1].join()
    );
    const header = "open_time_ms,open,high,low,close,volume";
    await Deno.writeTextFile(`${folder}/${symbol}-1m.csv`, `${header}\n${lines.join("\n")}\n`);
  }
  return { folder, database, y: `${folder}/YUSDT-1m.csv`, x: `${folder}/XUSDT-1m.csv` };
}

async function ask(...args: string[]): Promise<string> {
  const { code, out, err } = await run("backtest", ...args);
  strictEqual(code, 0, err);
  return out;
}

Deno.test("backtest tells the same of files and of a database, and what the library tells", async () => {
  const { folder, database, y, x } = await prepared();
  const funding = `${folder}/funding.csv`;
  await Deno.writeTextFile(
    funding,
    `time,rate\n${START_MS + 3.6e6},0.0005\n2025-01-06T08:00Z,-0.0002\n`,
  );
  const args = ["--window", "40", "--entry", "1.5", "--stop", "4", "--fee", "3"];
  const more = [...args, "--fill", "next-open", "--funding-y", funding, "--json"];
  const files = JSON.parse(await ask(y, x, ...more));
  const stored = JSON.parse(await ask("yusdt", "XUSDT", "--db", database, ...more));
  deepStrictEqual([files.y, files.x, files.rows], ["YUSDT", "XUSDT", BARS]);
  deepStrictEqual(stored.metrics, files.metrics);
  deepStrictEqual([files.incompleteShare, stored.incompleteShare], [1, 0]);

  const of = (leg: "y" | "x") =>
    minutes().map((row) => (
      { openTimeMs: row.openTimeMs, close: row[leg][1], complete: true, revision: 0 }
    ));
  const rows = alignCloses(of("y"), of("x"), { intervalMs: 60_000, fill: "previous" });
  const rates = [{ timeMs: START_MS + 3.6e6, rate: 5e-4 }, {
    timeMs: START_MS + 8 * 3.6e6,
    rate: -2e-4,
  }];
  const direct = pairBacktest(
    rows,
    { windowBars: 40, entry: 1.5, stop: 4, feeBps: 3, slippageBps: 1, fill: "next-open" },
    {
      yOpen: minutes().map((row) => row.y[0]),
      xOpen: minutes().map((row) => row.x[0]),
      ...fundingColumns(rows, { y: rates }, 60_000),
    },
  );
  ok(direct.funding !== 0 && direct.trades.length > 10);
  const metrics = backtestMetrics(direct, { periodsPerYear: 365 * 24 * 60 });
  deepStrictEqual(files.metrics, JSON.parse(JSON.stringify(metrics)));
  deepStrictEqual(
    files.trades.map((t: { entryTimeMs: number; net: number }) => [t.entryTimeMs, t.net]),
    direct.trades.map((t) => [rows[t.entryBar]!.openTimeMs, t.net]),
  );
  const text = await ask(y, x, ...args, "--trades");
  match(text, /YUSDT and XUSDT, 900 bars of 1m, 2025-01-06 00:00 to 2025-01-06 15:00 UTC/);
  match(text, /not proven complete/);
  match(text, /Funding of XUSDT: none is charged, as a file of bars tells none: give --funding-x/);
  strictEqual(text.split("\n").filter((line) => /bought|sold {2}/.test(line)).length > 10, true);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("backtest takes the funding that a database has, tells it, and what is not known of it", async () => {
  const { folder, database } = await prepared();
  const hour = (n: number) => START_MS + n * 3.6e6;
  const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
  // From 02:00 to 10:00 of 15 hours: the payment of 08:00 is known, those before and after are not.
  // The mark price is twice the close before.
  const markPrice = 2 * minutes()[8 * 60 - 1]!.y[1];
  const marks = [[2, 8, 0.9], [8 - 1 / 60, 8, 0.0005], [8 + 1 / 60, 16, 0.7], [10, 16, 0.7]]
    .map(([at, due, fundingRate]) => ({
      ...{ venue: "binance-usdm", symbol: "YUSDT", timeMs: Math.round(hour(at!)), markPrice },
      ...{ indexPrice: 3, fundingRate: fundingRate!, nextFundingMs: hour(due!) },
    }));
  {
    using writer = openWriter(database, { identity });
    writer.write({ marks });
  }
  const file = `${folder}/funding.csv`;
  // Into the first bar nothing is held, and what is due as the last one ends comes after it.
  await Deno.writeTextFile(file, `${hour(0)},0.5\n${hour(8)},0.001\n${hour(15)},0.5\n`);
  const args = [
    "yusdt",
    "XUSDT",
    "--db",
    database,
    "--window",
    "40",
    "--entry",
    "0.5",
    "--exit",
    "0",
  ];
  const recorded = JSON.parse(await ask(...args, "--json"));
  const given = JSON.parse(await ask(...args, "--funding-y", file, "--json"));
  deepStrictEqual(recorded.metrics, given.metrics);
  deepStrictEqual(recorded.trades, given.trades);
  deepStrictEqual(recorded.funding.y, {
    ...{ source: "recorded", payments: 1 },
    unknown: [{ fromMs: hour(0), toMs: hour(2) }],
  });
  deepStrictEqual(recorded.funding.x, { source: "none", payments: 0, unknown: [] });
  deepStrictEqual(given.funding.y, { source: "file", payments: 1, unknown: [] });
  const later = JSON.parse(
    await ask("XUSDT", "yusdt", ...args.slice(2), "--from", "2025-01-06T09:00Z", "--json"),
  );
  deepStrictEqual(later.funding.x, { source: "recorded", payments: 0, unknown: [] });
  const text = await ask(...args);
  match(
    text,
    /Funding of YUSDT: 1 payment as recorded; none is known, and none charged, from 2025-01-06 00:00 to 2025-01-06 02:00 UTC\./,
  );
  match(text, /Funding of XUSDT: none is charged, as no marks of it are recorded/);
  // What was recorded on another day tells nothing of this one; that none is due is told as such.
  const [some] = marks;
  const ofX = (...more: Mark[]) => {
    using writer = openWriter(database, { identity });
    writer.write({ marks: more.map((mark) => ({ ...mark, symbol: "XUSDT" })) });
    return ask(...args);
  };
  match(
    await ofX({ ...some!, timeMs: hour(30), nextFundingMs: hour(32) }),
    /Funding of XUSDT: 0 payments as recorded; none is known, and none charged, from 2025-01-06 00:00 to 2025-01-06 14:00 UTC\./,
  );
  const none = { ...some!, fundingRate: null, nextFundingMs: null };
  match(
    await ofX(...Array.from({ length: 15 }, (_, n) => ({ ...none, timeMs: hour(n) }))),
    /Funding of XUSDT: none was due, as recorded\./,
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("backtest charges half of the recorded spread when asked, and says where none is recorded", async () => {
  const { folder, database, y } = await prepared();
  const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
  const rows = minutes();
  // A spread of 20 bps of y and of 4 of x at each close, of x for the first half only.
  const quotes = (["y", "x"] as const).flatMap((leg) => {
    const [half, told] = leg === "y" ? [1e-3, rows] : [2e-4, rows.slice(0, BARS / 2)];
    return told.map((row) => ({
      ...{ venue: "binance-usdm", symbol: `${leg.toUpperCase()}USDT` },
      timeMs: row.openTimeMs + 59_000,
      ...{ bid: row[leg][1] * (1 - half), bidQuantity: 1 },
      ...{ ask: row[leg][1] * (1 + half), askQuantity: 1 },
    }));
  });
  const args = ["YUSDT", "XUSDT", "--db", database, "--window", "40", "--entry", "1", "--fee", "0"];
  const recorded = ["--slippage", "recorded"];
  const none = await run("backtest", ...args, ...recorded);
  deepStrictEqual([none.code, none.out], [1, ""]);
  match(
    none.err,
    /Cannot charge the recorded spread as no quote of either leg .* of YUSDT \(record it with .* nor of XUSDT/,
  );
  {
    using writer = openWriter(database, { identity });
    writer.write({ quotes });
  }
  const told = JSON.parse(await ask(...args, ...recorded, "--json"));
  type Trip = Record<
    | "entryBar"
    | "exitBar"
    | "quantityY"
    | "quantityX"
    | "entryY"
    | "entryX"
    | "exitY"
    | "exitX"
    | "cost",
    number
  >;
  const trips: Trip[] = told.trades;
  ok(trips.length > 10);
  let assumed = 0;
  for (const t of trips) {
    // A quote stands for a minute: the last one serves one bar more.
    const costX = (bar: number) => {
      if (bar <= BARS / 2) return 2e-4;
      assumed++;
      return 1e-4;
    };
    const cost = Math.abs(t.quantityY) * 1e-3 * (t.entryY + t.exitY) +
      Math.abs(t.quantityX) * (costX(t.entryBar) * t.entryX + costX(t.exitBar) * t.exitX);
    ok(Math.abs(t.cost / cost - 1) < 1e-9, `${t.cost} ${cost}`);
  }
  deepStrictEqual(told.recordedSlippage, {
    ...{ fills: 4 * trips.length, assumed, assumedBps: 1 },
    unrecorded: [],
  });
  strictEqual(told.options.slippageBps, "recorded");
  const text = await ask(...args, ...recorded);
  match(
    text,
    new RegExp(
      `half the recorded spread as slippage \\(in ${assumed} of ${
        4 * trips.length
      } fills no quote is recorded: 1 bps\\)`,
    ),
  );
  const file = await run("backtest", y, "XUSDT", ...args.slice(2), ...recorded);
  strictEqual(file.code, 0, file.err);
  match(file.out, /Spread of YUSDT: 1 bps is assumed in all .* \(a file of bars has none\)\./);
  const mixed = JSON.parse(await ask(y, "XUSDT", ...args.slice(2), ...recorded, "--json"));
  deepStrictEqual(mixed.recordedSlippage, {
    ...{ fills: 4 * trips.length, assumed: assumed + 2 * trips.length, assumedBps: 1 },
    unrecorded: ["y"],
  });
  await Deno.remove(folder, { recursive: true });
});

Deno.test("fundingLines() and spreadLines() advise no recording where a venue has none", () => {
  const leg = (name: string, file: string | null = null) => ({ name, file });
  const legs = { y: leg("BTCUSDT"), x: leg("okx:BTC-USDT-SWAP") };
  const none = { source: "none" as const, payments: 0, unknown: [] };
  const [ofY, ofX] = fundingLines({ y: none, x: none }, legs);
  match(ofY!, /of BTCUSDT: none is charged, as no marks of it are recorded \(ingest --with mark\)/);
  match(ofX!, /of okx:BTC-USDT-SWAP: .*, as marks .* Binance's symbols only: give --funding-x\.$/);
  const recorded = { fills: 8, assumed: 4, assumedBps: 1, unrecorded: ["x" as const] };
  const [line, ...others] = spreadLines(recorded, legs);
  deepStrictEqual(others, []);
  match(line!, /^Spread of okx:BTC-USDT-SWAP: 1 bps is assumed .* Binance's symbols only\)\.$/);
  deepStrictEqual(spreadLines(null, legs), []);
});

Deno.test("countFills() counts at the spread of the close what is closed at the end", () => {
  const known = new Float64Array(4).fill(1e-4);
  const onlyAt = (bar: number) => known.map((share, t) => t === bar ? share : NaN);
  const spreads = {
    ...{ slippageY: onlyAt(1), slippageX: known, endSlippageY: onlyAt(3), endSlippageX: known },
  };
  const zScore = [-2, -2, -2, -2];
  const flat = zScore.map(() => 10);
  const columns = { ...{ y: flat, x: flat, yOpen: flat, xOpen: flat }, zScore, hedgeRatio: flat };
  const result = backtest(columns, { sizing: "units", fill: "next-open" });
  deepStrictEqual(result.trades.map((trade) => [trade.entryBar, trade.exitBar, trade.reason]), [
    [1, 3, "end"],
  ]);
  const { fills, assumed, unrecorded } = countFills(result, spreads);
  deepStrictEqual([fills, assumed, unrecorded], [4, 0, []]);
});

Deno.test("backtest sweeps with threads of its own, and walks forward", async () => {
  const { folder, y, x } = await prepared();
  const grid = ["--sweep-entry", "1:2:0.5", "--sweep-exit", "0,0.5", "--sweep-window", "20,40"];
  const one = JSON.parse(await ask(y, x, ...grid, "--workers", "1", "--json"));
  const two = JSON.parse(await ask(y, x, ...grid, "--workers", "2", "--json"));
  deepStrictEqual(two.sweep, one.sweep);
  strictEqual(one.sweep.cells.length, 12);
  deepStrictEqual(one.options.entry, one.sweep.best.entry);
  const text = await ask(y, x, ...grid);
  match(text, /12 trials without skill would find .*; deflated Sharpe ratio .*overfitting/s);
  const walked = JSON.parse(await ask(y, x, ...grid, "--walk-forward", "200,100", "--json"));
  strictEqual(walked.walk.length, 7);
  strictEqual(walked.sweep, null);
  match(
    await ask(y, x, ...grid, "--walk-forward", "200,100"),
    /over 7 choices; filled at the next-close, 5 bps fee and 1 bps slippage .*entry \/ exit \/ window/s,
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("backtest says in one sentence what it cannot do", async () => {
  const { folder, database, y, x } = await prepared();
  const refuse = async (code: number, pattern: RegExp, ...args: string[]) => {
    const result = await run("backtest", ...args);
    deepStrictEqual([result.code, result.out], [code, ""], result.err);
    match(result.err, pattern);
  };
  await refuse(1, /Cannot find .*none\.csv/, y, `${folder}/none.csv`);
  await refuse(
    1,
    /holds no bars of ZUSDT .*it has XUSDT, YUSDT/,
    "ZUSDT",
    "XUSDT",
    "--db",
    database,
  );
  await refuse(1, /900 rows in common and 2002 are needed/, y, x, "--window", "1000");
  await refuse(1, /has no bar in the range/, y, x, "--from", "2026-01-01");
  await refuse(2, /--exit must be below --entry/, y, x, "--exit", "3");
  await refuse(2, /needs something to choose from/, y, x, "--walk-forward", "100,50");
  await refuse(2, /missing required argument 'x'/i, y);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("steps() and list() read what is to be tried", () => {
  deepStrictEqual(steps("1:2:0.25"), [1, 1.25, 1.5, 1.75, 2]);
  deepStrictEqual(steps("0.1:0.3:0.1"), [0.1, 0.2, 0.3]);
  deepStrictEqual(steps("3,1"), [3, 1]);
  deepStrictEqual(list("60,120"), [60, 120]);
  for (const bad of ["", "1,", "1:2", "2:1:0.5", "1:2:0", "a", "0:1e9:1"]) {
    let refused = false;
    try {
      steps(bad);
    } catch {
      refused = true;
    }
    ok(refused, bad);
  }
});

Deno.test("merged() makes longer bars of shorter ones, the first of two with one time", () => {
  const bar = (minute: number, open: number, close: number, complete = true) => (
    { openTimeMs: minute * 60_000, open, close, complete, revision: 0 }
  );
  const bars = [bar(0, 1, 2), bar(0, 9, 9), bar(4, 3, 4, false), bar(5, 5, 6), bar(12, 7, 8)];
  deepStrictEqual(merged(bars, 300_000), [bar(0, 1, 4, false), bar(5, 5, 6), bar(10, 7, 8)]);
});
