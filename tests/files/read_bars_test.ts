import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import fc from "npm:fast-check@4.10.2";
import { FileError, parseBars, type ParsedBars, readBars } from "../../lib/files/mod.ts";
import { dataTest } from "../support/shared.ts";

const MINUTE = 60_000;
const START = 1_746_814_680_000;
const HEADER = "open_time_ms,open,high,low,close,volume";

function rows(times: readonly (string | number)[], separator = ","): string {
  return times.map((time, k) =>
    [time, 10 + k, 12 + k, 9 + k, 11 + k, `${k + 1}.50`].join(separator)
  )
    .join("\n");
}

function opens({ bars }: ParsedBars): number[] {
  return bars.map((bar) => bar.openTimeMs);
}

function reasons({ refused }: ParsedBars): string[] {
  return refused.map(({ line, reason }) => `${line}: ${reason}`);
}

const ada = { symbol: "ADAUSDT" };
const minutes = [0, 1, 2].map((k) => START + k * MINUTE);

for (
  const [name, times] of Object.entries({
    seconds: minutes.map((ms) => ms / 1_000),
    "seconds with decimals": minutes.map((ms) => (ms / 1_000).toFixed(3)),
    milliseconds: minutes,
    "milliseconds as pandas writes floats": minutes.map((ms) => `${ms}.0`),
    microseconds: minutes.map((ms) => `${ms}000`),
    nanoseconds: minutes.map((ms) => `${ms}000000`),
    "ISO with Z": minutes.map((ms) => new Date(ms).toISOString()),
    "ISO with an offset": minutes.map((ms) =>
      new Date(ms + 7_200_000).toISOString().replace(".000Z", "+02:00")
    ),
    "dates without a zone": minutes.map((ms) =>
      new Date(ms).toISOString().slice(0, 19).replace("T", " ")
    ),
    "digits only": minutes.map((ms) => new Date(ms).toISOString().replace(/\D/g, "").slice(0, 14)),
    "day first": minutes.map((ms) => {
      const [, y, m, d, rest] = /(.{4})-(..)-(..)T(.{8})/.exec(new Date(ms).toISOString())!;
      return `${d}.${m}.${y} ${rest}`;
    }),
  })
) {
  Deno.test(`parseBars() reads times as ${name}, with and without column names`, () => {
    for (const header of ["", `${HEADER}\n`]) {
      const parsed = parseBars(header + rows(times), ada);
      deepStrictEqual(opens(parsed), minutes);
      deepStrictEqual(parsed.report.intervalMs, MINUTE);
      deepStrictEqual(parsed.refused, []);
      strictEqual(parsed.report.table?.hasHeader, header !== "");
    }
  });
}

Deno.test("parseBars() tells mixed units apart row by row, and says so", () => {
  const times = [...minutes, minutes[2]! + MINUTE];
  const mixed = [times[0]!, `${times[1]}000`, times[2]! / 1_000, `${times[3]}000000`];
  const parsed = parseBars(rows(mixed), ada);
  deepStrictEqual(opens(parsed), times);
  const { seconds, milliseconds, microseconds, nanoseconds } = parsed.report.times;
  deepStrictEqual([seconds, milliseconds, microseconds, nanoseconds], [1, 1, 1, 1]);
});

Deno.test("parseBars() takes numbers with trailing zeros for the same, and rows of zeros for no bars", () => {
  const plain = parseBars(rows(minutes), ada);
  const cells = rows(minutes).split("\n").map((line) => line.split(","));
  const padded = cells.map(([time, ...numbers]) =>
    [time, ...numbers.map((number) => Number(number).toFixed(8))].join(",")
  );
  deepStrictEqual(parseBars(padded.join("\n"), ada).bars, plain.bars);
  const after = [1, 2].map((k) => `${minutes[2]! + k * MINUTE},0.0000,0.0000,0.0000,0.0000,0.0`);
  const ended = parseBars([...padded, ...after].join("\n"), ada);
  deepStrictEqual(ended.bars, plain.bars);
  deepStrictEqual([ended.report.empty, ended.report.refused], [2, 0]);
});

Deno.test("parseBars() reads a mark at the front, semicolons, decimal commas, tabs and quotes", () => {
  const marked = parseBars(`\uFEFF${HEADER}\r\n${rows(minutes).replaceAll("\n", "\r\n")}\r\n`, ada);
  deepStrictEqual(opens(marked), minutes);
  const comma = parseBars(
    `Date;Open;High;Low;Close;Volume\n${rows(minutes, ";").replaceAll(".", ",")}`,
    ada,
  );
  deepStrictEqual(comma.bars.map((bar) => bar.volume), [1.5, 2.5, 3.5]);
  ok(comma.report.table?.decimalComma);
  deepStrictEqual(opens(parseBars(rows(minutes, "\t"), ada)), minutes);
  const quoted = rows(minutes).replace(/[^,\n]+/g, '"$&"');
  deepStrictEqual(opens(parseBars(quoted, ada)), minutes);
});

Deno.test("parseBars() knows the columns of common sources", () => {
  const kline =
    "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore";
  const row = `${START},10,12,9,11,5,${START + MINUTE - 1},55,3,2,22,0`;
  for (const text of [row, `${kline}\n${row}`]) {
    const [bar] = parseBars(text, { ...ada, intervalMs: MINUTE }).bars;
    deepStrictEqual(
      [bar?.quoteVolume, bar?.tradeCount, bar?.takerBuyVolume, bar?.firstTradeId],
      [55, 3, 2, null],
    );
  }
  const download = "Unix,Date,Symbol,Open,High,Low,Close,Volume BTC,Volume USDT,tradecount\n" +
    "1746814680000,2025-05-09 18:18:00,btcusdt,10,12,9,11,5,55,3\n";
  const [btc] = parseBars(download, { intervalMs: MINUTE }).bars;
  deepStrictEqual([btc?.symbol, btc?.volume, btc?.quoteVolume], ["BTCUSDT", 5, 55]);
  strictEqual(btc?.openTimeMs, START);
  const two = "Date,Time,Open,High,Low,Close,Vol\n2025-05-09,18:18,10,12,9,11,5\n";
  strictEqual(parseBars(two, { ...ada, intervalMs: MINUTE }).bars[0]?.openTimeMs, START);
});

Deno.test("parseBars() takes a row once, and refuses one that contradicts it, with line and reason", () => {
  const [a, b] = rows(minutes).split("\n");
  const options = { ...ada, intervalMs: MINUTE };
  const parsed = parseBars([HEADER, a, a, b, a, ""].join("\n"), options);
  deepStrictEqual(opens(parsed), minutes.slice(0, 2));
  deepStrictEqual([parsed.report.duplicates, parsed.report.outOfOrder], [1, 1]);
  const other = parseBars([HEADER, a, a!.replace(",1.50", ",7")].join("\n"), options);
  deepStrictEqual(reasons(other), ["3: it contradicts line 2, which has the same open time"]);
});

Deno.test("parseBars() refuses what is no bar, row by row", () => {
  const good = rows(minutes);
  const bad = (row: string) => reasons(parseBars(`${HEADER}\n${good}\n${row}`, ada))[0];
  const at = START + 3 * MINUTE;
  strictEqual(bad(`${at},10,9,9,10,1`), "5: its high is not its highest price");
  strictEqual(bad(`${at},10,12,11,10,1`), "5: its low is not its lowest price");
  strictEqual(bad(`${at},0,12,0,10,1`), "5: its open is no price above 0");
  for (const nonsense of ["", "NaN", "0x10", "Infinity", "-", "1e999", "ten", "1,5"]) {
    ok(bad(`${at},${nonsense},12,9,10,1`)?.startsWith("5: its "), nonsense);
  }
  strictEqual(bad(`${at},10,12,9,11,-1`), "5: its volume is no number >= 0");
  strictEqual(
    bad(`${at + 1},10,12,9,11,1`),
    "5: its open time is no multiple of the 60 s that a bar is long",
  );
  ok(bad(`1.74681E+12,10,12,9,11,1`)?.includes("has lost digits"));
  ok(bad(`,10,12,9,11,1`)?.includes("the time is missing"));
  ok(bad(`2025-02-30,10,12,9,11,1`)?.includes("does not exist"));
  ok(bad(HEADER)?.includes("is neither a count"), "a second header within the file");
});

Deno.test("parseBars() counts rows that say they are simulated", () => {
  const text = "time,open,high,low,close,volume,simulated\n" +
    "2026-01-05 00:00,1,2,1,2,10,true\n2026-01-05 00:01,1,2,1,2,10,\n";
  const { report } = parseBars(text, { symbol: "ADAUSDT", intervalMs: 60_000 });
  deepStrictEqual([report.bars, report.simulated], [2, 1]);
});

Deno.test("parseBars() makes no bar of an interval without trades", () => {
  const quiet = `${minutes[1]},11,11,11,11,0`;
  const parsed = parseBars([rows(minutes.slice(0, 1)), quiet].join("\n"), {
    ...ada,
    intervalMs: MINUTE,
  });
  deepStrictEqual([parsed.bars.length, parsed.report.empty], [1, 1]);
});

Deno.test("parseBars() refuses a row that breaks off before its symbol, and takes the others", () => {
  const row = (k: number) => `${START + k * MINUTE},10,12,9,11,1,ADAUSDT`;
  const whole = [HEADER + ",symbol", row(0), row(1), row(2).slice(0, 22), row(3)].join("\n");
  const parsed = parseBars(whole, {});
  strictEqual(parsed.bars.length, 3);
  deepStrictEqual(reasons(parsed), ["4: the symbol is missing"]);
});

Deno.test("parseBars() tells the hour apart that comes twice, and refuses the one that is skipped", () => {
  const berlin = { ...ada, zone: "Europe/Berlin", intervalMs: 1_800_000 };
  const autumn = ["01:30", "02:00", "02:30", "02:00", "02:30", "03:00"]
    .map((time) => `2024-10-27 ${time}:00`);
  const parsed = parseBars(rows(autumn), berlin);
  const first = Date.UTC(2024, 9, 26, 23, 30);
  deepStrictEqual(opens(parsed), [0, 1, 2, 3, 4, 5].map((k) => first + k * 1_800_000));
  strictEqual(parsed.report.times.doubles, 4);
  const spring = parseBars(
    rows(["2024-03-31 01:30", "2024-03-31 02:30", "2024-03-31 03:00"]),
    berlin,
  );
  deepStrictEqual(reasons(spring), ["2: clocks in Europe/Berlin skip that time"]);
  strictEqual(spring.bars[1]!.openTimeMs - spring.bars[0]!.openTimeMs, 1_800_000);
  // Without the zone the second hour contradicts the first, and is not taken silently.
  strictEqual(parseBars(rows(autumn), { ...ada, intervalMs: 1_800_000 }).bars.length, 4);
});

Deno.test("parseBars() says what it needs when a file is no table of bars", () => {
  throws(() => parseBars("time,price\n1746814680,3\n", ada), {
    name: "FileError",
    message:
      "Cannot read bars as no column holds open, high, low, close, volume: the columns are time, price",
  });
  throws(() => parseBars(rows(minutes), {}), /no column holds the symbol/);
  throws(() => parseBars(rows(minutes.slice(0, 1)), ada), /name the interval/);
  throws(() => parseBars("\u0000\u0001\u0002", ada), FileError);
  throws(() => parseBars(rows(minutes), { ...ada, zone: "Mars/Olympus" }), RangeError);
  for (const empty of ["", "\n\n", "\uFEFF"]) {
    deepStrictEqual(parseBars(empty, ada).bars, []);
    strictEqual(parseBars(empty, ada).report.table, null);
  }
  deepStrictEqual(parseBars(`${HEADER}\n`, { ...ada, intervalMs: MINUTE }).bars, []);
});

Deno.test("readBars() gives the same however the bytes are cut", async () => {
  const text = `\uFEFF${HEADER}\r\n${
    rows(Array.from({ length: 700 }, (_, k) => START + k * MINUTE))
  }`;
  const bytes = new TextEncoder().encode(text);
  const expected = parseBars(text, ada);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 20 }), async (cuts) => {
      const edges = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      const file = readBars(edges.slice(1).map((to, k) => bytes.subarray(edges[k], to)), ada);
      deepStrictEqual((await Array.fromAsync(file)).flat(), expected.bars);
      deepStrictEqual(file.report, expected.report);
    }),
    { numRuns: 30, seed: 7 },
  );
});

Deno.test("readBars() reads UTF-16 with its mark", async () => {
  const text = `\uFEFF${HEADER}\n${rows(minutes)}`;
  const bytes = new Uint8Array(new Uint16Array([...text].map((c) => c.charCodeAt(0))).buffer);
  strictEqual((await Array.fromAsync(readBars([bytes], ada))).flat().length, 3);
});

dataTest("parseBars() reads every row of a month of real minutes", (folder) => {
  const packed = Deno.readFileSync(`${folder}/binance-usdm-klines-1m-2025/ADAUSDT-1m.csv.gz`);
  const { bars, report, refused } = parseBars(gunzipSync(packed).toString(), ada);
  deepStrictEqual(refused, []);
  strictEqual(report.intervalMs, MINUTE);
  strictEqual(bars.length + report.empty, report.rows);
  deepStrictEqual(
    [bars[0]!.openTimeMs, bars[0]!.open, bars[0]!.volume],
    [1_746_814_680_000, 0.7837, 268_909],
  );
  const reference = parseBars(
    Deno.readTextFileSync(`${folder}/binance-usdm-2024-07/btcusdt_2024-07-18_19_1s_bars.csv`),
    { symbol: "BTCUSDT" },
  );
  deepStrictEqual([reference.bars.length, reference.report.intervalMs], [460, 1_000]);
  ok(reference.bars.every((b) => b.firstTradeId !== null && b.takerBuyVolume !== null));
});
