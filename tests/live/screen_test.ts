import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { type ScreenUpdate, startHub } from "../../lib/live/mod.ts";
import {
  decodeMatrix,
  type EncodedMatrix,
  Screener,
  type ScreenReport,
} from "../../lib/universe/mod.ts";
import { Market } from "./support/market.ts";
import { PageSocket, until } from "./support/page_socket.ts";

const SYMBOLS = ["AUSDT", "BUSDT", "CUSDT", "DUSDT"];
const WINDOW = 40;
const QUERY = `interval=1m&window=${WINDOW}&rows=all`;

async function ask<T>(url: string, path: string): Promise<T> {
  return await (await fetch(new URL(path, url))).json();
}

/** What a screener says that is given the stored bars in time. */
function expected(market: Market): ScreenReport {
  using reader = market.open();
  const screener = new Screener({ intervalMs: 60_000, windowBars: WINDOW });
  const closes = reader.closes({ intervalMs: 60_000, fromMs: 0, toMs: 1e15 });
  for (const [timeMs, bars] of Map.groupBy(closes, (c) => c.openTimeMs)) {
    screener.push(timeMs, bars);
  }
  return screener.screen({ rows: "all", pairs: { minHalfLifeBars: 0 } });
}

/** What does not depend on when bars came: amended sums differ by rounding. */
const essence = ({ openTimeMs, tested, usable, symbols, rows }: ScreenReport) => ({
  ...{ openTimeMs, tested, usable, symbols },
  rows: rows.map(({ y, x, statistic, reason }) => [y, x, statistic?.toFixed(6), reason]),
});

Deno.test("GET /api/screen equals a screener that is given the stored bars", async () => {
  using market = new Market(SYMBOLS);
  market.add(3 * WINDOW);
  await using hub = await startHub({ open: market.open });
  const report = await ask<ScreenReport>(hub.url, `api/screen?${QUERY}`);
  const direct = expected(market);
  deepStrictEqual(essence(report), essence(direct));
  strictEqual(report.tested, 6);
  strictEqual(report.holdOut.latest?.chosen, direct.holdOut.latest?.chosen);
  ok(report.summary.startsWith("6 pairs of 4 symbols were tested over 40 bars"));
  deepStrictEqual(report.symbols[0]!.tradesPerBar, 2);
  ok(report.symbols[0]!.quoteVolumePerDay! > 0);
});

Deno.test("GET /api/screen follows new, late and revised bars", async () => {
  using market = new Market(SYMBOLS);
  market.add(WINDOW);
  await using hub = await startHub({ open: market.open });
  await ask<ScreenReport>(hub.url, `api/screen?${QUERY}`);
  market.add(5);
  market.write(market.bar("BUSDT", WINDOW - 3, 90, 1));
  const wanted = expected(market);
  let report: ScreenReport | undefined;
  await until(async () => {
    report = await ask<ScreenReport>(hub.url, `api/screen?${QUERY}`);
    return report.openTimeMs === wanted.openTimeMs;
  }, "the newest bar is screened");
  deepStrictEqual(essence(report!), essence(wanted));
});

Deno.test("GET /api/screen answers filters, limits and databases with nothing to test", async () => {
  using market = new Market(["AUSDT", "BUSDC", "CUSDT"]);
  await using hub = await startHub({ open: market.open });
  const get = (query: string) => ask<ScreenReport>(hub.url, `api/screen?${query}`);
  const empty = await get(QUERY);
  deepStrictEqual([empty.tested, empty.rows, empty.reason], [0, [], "no symbols"]);
  market.add(2 * WINDOW);
  await until(async () => (await get(QUERY)).tested === 3, "the window is full");
  const quoted = await get(`${QUERY}&quote=usdt`);
  strictEqual(quoted.tested, 1);
  strictEqual(quoted.symbols.find((s) => s.symbol === "BUSDC")!.reason, "quoted in USDC");
  strictEqual((await get(`${QUERY}&minTrades=3`)).tested, 0);
  strictEqual((await get(`${QUERY}&minQuoteVolume=1e9`)).tested, 0);
  const limited = await get(`${QUERY}&limit=1&symbol=AUSDT`);
  deepStrictEqual([limited.rows.length, limited.matching, limited.tested], [1, 2, 3]);
});

Deno.test("GET /api/screen/matrix answers both matrices of the pairs of the screen", async () => {
  using market = new Market(SYMBOLS);
  market.add(2 * WINDOW);
  await using hub = await startHub({ open: market.open });
  const matrix = await ask<EncodedMatrix>(hub.url, `api/screen/matrix?${QUERY}`);
  const { rows } = await ask<ScreenReport>(hub.url, `api/screen?${QUERY}`);
  deepStrictEqual(matrix.symbols.toSorted(), SYMBOLS);
  const correlation = decodeMatrix("correlation", matrix.correlation!);
  const pValue = decodeMatrix("pValue", matrix.pValue!);
  let at = 0;
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j < i; j++, at++) {
      const names = [matrix.symbols[i]!, matrix.symbols[j]!];
      const row = rows.find(({ y, x }) => names.includes(y) && names.includes(x))!;
      ok(Math.abs(correlation[at]! - row.returnCorrelation!) < 0.005);
      ok(Math.abs(Math.log10(pValue[at]! / row.pValue!)) < 0.026);
    }
  }
  const half = await ask<EncodedMatrix>(hub.url, `api/screen/matrix?${QUERY}&of=pValue`);
  deepStrictEqual([half.correlation, half.pValue], [null, matrix.pValue]);
});

Deno.test("/ws sends a screen at once and again on every bar", async () => {
  using market = new Market(SYMBOLS);
  market.add(WINDOW);
  await using hub = await startHub({ open: market.open });
  await using page = await PageSocket.open(hub.url);
  page.send({ op: "subscribe", id: "s", kind: "screen", window: WINDOW, rows: "all", limit: 5 });
  const screens = () =>
    page.messages.filter((message) => message.op === "screen").map(({ screen }) => screen);
  await until(() => screens().at(-1)?.warmUp === null, "the stored bars are read");
  const first = screens().at(-1)!;
  strictEqual(first.openTimeMs, market.timeMs(WINDOW - 1));
  deepStrictEqual([first.rows.y.length, first.rows.holdOut.length, first.matching], [5, 5, 6]);
  strictEqual("symbols" in first, false);
  market.add(1);
  const isNext = ({ openTimeMs }: ScreenUpdate) => openTimeMs === market.timeMs(WINDOW);
  await until(() => screens().some(isNext), "the next bar is screened");
  const report = await ask<ScreenReport>(hub.url, `api/screen?${QUERY}`);
  const next = screens().find(isNext)!;
  deepStrictEqual(next.rows.y, report.rows.slice(0, 5).map((row) => row.y));
  deepStrictEqual(
    next.rows.statistic,
    report.rows.slice(0, 5).map((row) => Number(row.statistic!.toPrecision(6))),
  );
  page.send({ op: "subscribe", id: "t", kind: "screen", interval: "9s" });
  strictEqual((await page.next("error")).id, "t");
});
