import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { readCommandLine } from "../../lib/apps/command_line.ts";
import { screen } from "../../lib/apps/screen.ts";
import { rowsOf } from "../../lib/apps/screen/bars.ts";
import { screenText } from "../../lib/apps/screen/table.ts";
import { openReader, openWriter } from "../../lib/store/mod.ts";
import { Screener, type ScreenReport } from "../../lib/universe/mod.ts";
import { run, start, until } from "../support/programs.ts";
import { logRows } from "../universe/support.ts";

const SYMBOLS = ["AUSDT", "BUSDT", "CUSDT", "DUSDT", "EUSDT", "FUSDT"];
const START_MS = Date.UTC(2025, 0, 6);
const WINDOW = 60;

/** Minutes of every symbol; the prices of every third follow those of the one before. */
function minutes(bars: number) {
  return logRows({ seed: 4, symbols: SYMBOLS.length, bars }).map((row, t) => ({
    openTimeMs: START_MS + 60_000 * t,
    closes: row.map((log) => Number(Math.exp(log).toPrecision(10))),
  }));
}

function writeFiles(folder: string, rows: ReturnType<typeof minutes>): string[] {
  return SYMBOLS.map((symbol, i) => {
    const lines = rows.map(({ openTimeMs, closes }) =>
      [openTimeMs, closes[i], closes[i], closes[i], closes[i], 3].join()
    );
    const path = `${folder}/${symbol}-1m.csv`;
    Deno.writeTextFileSync(path, `open_time_ms,open,high,low,close,volume\n${lines.join("\n")}\n`);
    return path;
  });
}

const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };

function writeBars(path: string, rows: ReturnType<typeof minutes>): void {
  using writer = openWriter(path, { identity });
  for (const symbol of SYMBOLS) writer.register("binance-usdm", symbol, "aggTrade");
  writer.write({
    bars: rows.flatMap(({ openTimeMs, closes }) =>
      closes.map((close, i) => ({
        ...{ venue: "binance-usdm", symbol: SYMBOLS[i]!, intervalMs: 60_000, openTimeMs },
        ...{ open: close, high: close, low: close, close, volume: 3, quoteVolume: 3 * close },
        ...{ tradeCount: 5, takerBuyVolume: 1, firstTradeId: 1, lastTradeId: 2 },
        ...{ complete: true, revision: 0 },
      }))
    ),
  });
}

const essence = ({ openTimeMs, tested, rows, benjaminiHochberg }: ScreenReport) => ({
  ...{ openTimeMs, tested, benjaminiHochberg },
  rows: rows.map(({ y, x, statistic, holdOut }) => [y, x, statistic, holdOut]),
});

Deno.test("rowsOf() merges bars into longer ones with all their symbols", () => {
  const bar = (symbol: string, minute: number, close: number, complete = true) => ({
    ...{ symbol, openTimeMs: 60_000 * minute, close, complete, quoteVolume: 2, tradeCount: 3 },
  });
  const bars = [bar("A", 0, 1), bar("B", 0, 5), bar("A", 4, 2, false), bar("A", 5, 3)];
  const rows = [...rowsOf(bars, 300_000)];
  deepStrictEqual(rows.map(({ openTimeMs, bars }) => [openTimeMs, bars.length]), [
    [0, 2],
    [300_000, 1],
  ]);
  const [a] = rows[0]!.bars;
  deepStrictEqual([a!.close, a!.complete, a!.quoteVolume, a!.tradeCount], [2, false, 4, 6]);
  const unknown = [...rowsOf([{ ...bar("A", 0, 1), quoteVolume: null }, bar("A", 1, 1)], 300_000)];
  strictEqual(unknown[0]!.bars[0]!.quoteVolume, null);
});

Deno.test("screenText() counts pairs on one asset in the singular too, and tells what a basis is in", () => {
  const of = (names: readonly string[]) => {
    const screener = new Screener({ intervalMs: 60_000, windowBars: 50 });
    logRows({ seed: 4, symbols: names.length, bars: 50 }).forEach((row, t) =>
      screener.push(
        60_000 * t,
        row.map((log, i) => ({ symbol: names[i]!, close: Math.exp(log), complete: true })),
      )
    );
    return screenText(screener.screen({ rows: "all" }));
  };
  const two = of(["BTCUSDT", "okx:BTC-USDT-SWAP"]);
  match(two, /^1 pair of contracts on one asset was not tested\.$/m);
  match(two, / basis bps /);
  const three = of(["BTCUSDT", "okx:BTC-USDT-SWAP", "bybit:BTCUSDT"]);
  match(three, /^3 pairs of contracts on one asset were not tested\.$/m);
});

Deno.test("screen answers the same from files, from a database and from a screener", async () => {
  const folder = await Deno.makeTempDir();
  const rows = minutes(3 * WINDOW);
  const files = writeFiles(folder, rows);
  writeBars(`${folder}/a.db`, rows);
  const screener = new Screener({ intervalMs: 60_000, windowBars: WINDOW });
  for (const { openTimeMs, closes } of rows.slice(-2 * WINDOW)) {
    screener.push(
      openTimeMs,
      closes.map((close, i) => ({ symbol: SYMBOLS[i]!, close, complete: false })),
    );
  }
  const direct = screener.screen({ rows: "all" });
  const ask = async (...args: string[]) => {
    const { code, out, err } = await run("screen", ...args, "--window", "60", "--rows", "all");
    strictEqual(code, 0, err);
    return out;
  };
  const fromFiles: ScreenReport = JSON.parse(await ask(...files, "--json"));
  const fromStore: ScreenReport = JSON.parse(await ask("--db", `${folder}/a.db`, "--json"));
  deepStrictEqual(essence(fromFiles), essence(direct));
  deepStrictEqual(essence(fromStore), essence(direct));
  deepStrictEqual([fromFiles.tested, fromFiles.rows.length], [15, 15]);
  strictEqual(fromFiles.symbols[0]!.tradesPerBar, null);
  strictEqual(fromStore.symbols[0]!.tradesPerBar, 5);
  const text = await ask("--db", `${folder}/a.db`, "--top", "3", "--min-trades", "5");
  match(text, /15 pairs of 6 symbols were tested over 60 bars/);
  match(text, /3 of 15 pairs; \* a discovery/);
  match(await ask("--db", `${folder}/a.db`, "--min-trades", "6"), /No pair was tested: 0 of 6/);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("screen walks a range bar by bar, twice with the same result", async () => {
  const folder = await Deno.makeTempDir();
  writeBars(`${folder}/a.db`, minutes(500));
  const args = ["--db", `${folder}/a.db`, "--window", "150", "--lag", "1"];
  const walk = async (...more: string[]) => (await run("screen", ...args, ...more)).out;
  const range = ["--from", "2025-01-06T00:20Z", "--to", "2025-01-06T08:00Z"];
  const json = await walk(...range, "--every", "100", "--json");
  const screens = json.trim().split("\n").map((line) => JSON.parse(line));
  deepStrictEqual(
    screens.map(({ openTimeMs }) => (openTimeMs - START_MS) / 60_000),
    [119, 219, 319, 419, 479],
  );
  deepStrictEqual(screens.map(({ tested }) => tested), [0, 15, 15, 15, 15]);
  ok(screens.at(-1).holdOut.all.tested > 0);
  strictEqual(await walk(...range, "--every", "100", "--json"), json);
  match(
    await walk(...range, "--every", "200"),
    /03:39:00\.000Z {2}6 symbols, 15 pairs, discoveries: \d/,
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("screen --watch prints a screen for every new bar and ends on SIGTERM", async () => {
  const folder = await Deno.makeTempDir();
  const rows = minutes(WINDOW + 2);
  writeBars(`${folder}/a.db`, rows.slice(0, WINDOW));
  openReader(`${folder}/a.db`)[Symbol.dispose]();
  const args = ["--watch", "--json", "--window", "60", "--db", `${folder}/a.db`];
  await using program = start("screen", ...args);
  const times = () =>
    program.out.split("\n").slice(0, -1)
      .map((line) => (JSON.parse(line).openTimeMs - START_MS) / 60_000);
  await until(() => times().includes(WINDOW - 1));
  writeBars(`${folder}/a.db`, rows.slice(WINDOW));
  await until(() => times().includes(WINDOW + 1));
  strictEqual(await program.stop(), 0);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("screen says what is wrong with what it is given", async () => {
  const folder = await Deno.makeTempDir();
  const bad = `${folder}/AUSDT.csv`;
  Deno.writeTextFileSync(bad, "a,b\n1,2\n");
  writeBars(`${folder}/a.db`, minutes(1));
  const place = { project: folder, working: folder };
  const usage: [args: string[], message: RegExp][] = [
    [["--window", "20"], /'--window <bars>' argument '20' is invalid/],
    [["--interval", "1x"], /'1x' is invalid/],
    [["--from", "noon"], /'noon' is invalid/],
    [["--from", "2025-01-02", "--to", "2025-01-01"], /--from must be earlier than --to/],
    [["--watch", "--to", "2025-01-01"], /--watch follows a database/],
    [["--watch", "--interval", "7m"], /--interval must be 1s, 1m, 5m/],
    [["--max-stale", "2"], /a number from 0 to 1/],
    [["--lag", "9"], /a whole number from 0 to 8/],
  ];
  for (const [args, message] of usage) {
    const reading = readCommandLine(screen, args, place);
    ok(reading.kind === "exit" && reading.code === 2);
    match(reading.err, message);
  }
  const cases: [args: string[], message: RegExp][] = [
    [["--db", `${folder}/none.db`], /no such file/],
    [["--db", `${folder}/a.db`, "--interval", "30s"], /no bars that make 30s/],
    [["--db", `${folder}/a.db`, "--to", "2020-01-01"], /no bar in the range/],
    [[bad], /Cannot read .*AUSDT\.csv/],
  ];
  for (const [args, message] of cases) {
    const result = await run("screen", ...args);
    match(result.err, message);
    strictEqual(result.code, 1, result.err);
  }
  await Deno.remove(folder, { recursive: true });
});
