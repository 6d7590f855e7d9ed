import { ok, strictEqual } from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import {
  alignCloses,
  type CloseBar,
  engleGrangerBoth,
  pairReadings,
  pairVerdict,
} from "../../lib/pairs/mod.ts";
import { adf, ols } from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";
import { dataTest } from "../support/shared.ts";

/** The rows of a CSV text with a header, as records of text. */
function records(text: string): Record<string, string>[] {
  const [header, ...lines] = text.trim().split(/\r?\n/);
  const names = header!.split(",");
  return lines.map((line) => {
    const cells = line.split(",");
    return Object.fromEntries(names.map((name, i) => [name, cells[i]!]));
  });
}

function readBars(path: string): CloseBar[] {
  const raw = Deno.readFileSync(path);
  const text = new TextDecoder().decode(path.endsWith(".gz") ? gunzipSync(raw) : raw);
  return records(text).map((record) => ({
    openTimeMs: Number(record.open_time_ms),
    close: Number(record.close),
    complete: true,
    revision: 0,
  }));
}

/** The last close of every longer interval; the bars must leave no interval empty. */
function resampled(bars: readonly CloseBar[], intervalMs: number): CloseBar[] {
  const last = new Map<number, CloseBar>();
  for (const bar of bars) {
    const openTimeMs = Math.floor(bar.openTimeMs / intervalMs) * intervalMs;
    last.set(openTimeMs, { ...bar, openTimeMs });
  }
  return [...last.values()];
}

dataTest("a captured pair gives the numbers of statsmodels on its 1 s closes", (folder) => {
  const bars = (symbol: string) =>
    readBars(`${folder}/binance-usdm-2024-07/${symbol}_2024-07-18_19_1s_bars.csv`);
  const rows = alignCloses(bars("ethusdt"), bars("btcusdt"), {
    intervalMs: 1_000,
    fill: "previous",
  });
  strictEqual(rows.length, 481);
  const fit = ols(rows.map((r) => Math.log(r.y)), rows.map((r) => Math.log(r.x)));
  close(fit.intercept, -5.29787459, 1e-6);
  close(fit.slope, 1.21424596, 1e-6);
  close(fit.rSquared, 0.928167, 1e-6);
  const verdict = pairVerdict(rows);
  close(verdict.yOnX.statistic, -2.6454185, 1e-6);
  close(verdict.yOnX.pValue, 0.2198203, 1e-6);
  close(verdict.xOnY.statistic, -2.7561721, 1e-6);
  close(verdict.xOnY.pValue, 0.1800287, 1e-6);
  close(verdict.pValue, 2 * 0.1800287, 1e-6);
  close(verdict.correlation, 0.604317, 1e-6);
  strictEqual(verdict.cointegrated, false);
  close(verdict.staleShare, rows.filter((r) => r.stale).length / 481);
  // The table of one observed series makes the same residuals look far better: 0.0852.
  close(adf(fit.residuals, { trend: "n" }).statistic, -2.6454185, 1e-6);
  close(adf(fit.residuals, { trend: "c" }).pValue, 0.0852323, 1e-5);
});

dataTest("the readings of a captured pair are absent only while they warm up", (folder) => {
  const bars = (symbol: string) =>
    readBars(`${folder}/binance-usdm-2024-07/${symbol}_2024-07-18_19_1s_bars.csv`);
  const rows = alignCloses(bars("ethusdt"), bars("btcusdt"), {
    intervalMs: 1_000,
    fill: "previous",
  });
  const readings = pairReadings(rows, { windowBars: 60 });
  strictEqual(readings.findIndex((r) => r.hedgeRatio !== null), 60);
  strictEqual(readings.findIndex((r) => r.zScore !== null), 120);
  ok(readings.slice(120).every((r) => r.zScore !== null && Math.abs(r.zScore) < 50));
  ok(readings.some((r) => r.stale));
});

dataTest("ETH on BTC is cointegrated at 15 minutes, BTC on ETH is not", (folder) => {
  const path = `${folder}/binance-usdm-klines-1m-2025`;
  const symbols = [...Deno.readDirSync(path)].map((entry) => entry.name).sort();
  const series = new Map(symbols.map((name) => [name, readBars(`${path}/${name}`)]));
  const all = [...series.values()];
  const fromMs = Math.max(...all.map((bars) => bars[0]!.openTimeMs));
  const toMs = Math.min(...all.map((bars) => bars.at(-1)!.openTimeMs));
  const closes = (symbol: string) =>
    resampled(
      series.get(`${symbol}-1m.csv.gz`)!
        .filter((bar) => bar.openTimeMs >= fromMs && bar.openTimeMs <= toMs),
      900_000,
    );
  const rows = alignCloses(closes("ETHUSDT"), closes("BTCUSDT"), {
    intervalMs: 900_000,
    fill: "previous",
  });
  strictEqual(rows.length, 2_390);
  const verdict = pairVerdict(rows);
  close(verdict.yOnX.pValue, 0.03965330763568801, 1e-6);
  close(verdict.xOnY.pValue, 0.6962276006608421, 1e-6);
  strictEqual(verdict.best, "yOnX");
  strictEqual(verdict.cointegrated, false);
  ok(verdict.pValue! > 0.05);
});

dataTest("the textbook pairs give their published numbers", (folder) => {
  const read = (name: string) =>
    records(Deno.readTextFileSync(`${folder}/textbook/${name}`).replace(/^\uFEFF/, ""));
  const column = (rows: Record<string, string>[], name: string) => rows.map((r) => Number(r[name]));
  const year = read("ANZ-ADB.csv").filter((r) => Number(r.Date!.split("/")[2]) < 2002);
  strictEqual(year.length, 253);
  const [anz, adb] = [column(year, "ANZ"), column(year, "ADB")];
  const fit = ols(anz, adb);
  close(fit.intercept, 4.34987712, 1e-8);
  close(fit.slope, 1.8378837809650117, 1e-12);
  const both = engleGrangerBoth(anz, adb);
  close(both.yOnX.test.statistic, -3.6928276, 1e-7);
  close(both.yOnX.test.pValue, 0.0187181, 1e-5);
  close(both.xOnY.test.statistic, -3.5495578, 1e-7);
  close(both.xOnY.test.pValue, 0.0282479, 1e-5);

  const sectors = read("XLF-XLK.csv");
  const funds = engleGrangerBoth(column(sectors, "XLF"), column(sectors, "XLK"));
  strictEqual(funds.yOnX.test.pValue!.toFixed(4), "0.0619");
  strictEqual(funds.xOnY.test.pValue!.toFixed(4), "0.9256");

  const homes = read("BKD_ESC_2009_2011.csv");
  const { yOnX } = engleGrangerBoth(column(homes, "BKD"), column(homes, "ESC"));
  close(yOnX.test.statistic, -3.9110385, 1e-7);
  close(yOnX.test.pValue, 0.0095769, 1e-5);
});
