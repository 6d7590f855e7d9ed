// deno-lint-ignore-file no-console -- a command-line tool reports on the console
/**
 * Measures an open tab of the live view over a long time, a line per minute: memory of the tab
 * after a collection, of its process and of the programs behind it, their share of a core, and how
 * often the page was updated. Needs Chromium and Linux.
 *
 *     deno run -A tools/measure_live.ts --minutes 60
 *     deno run -A tools/measure_live.ts --symbols 500 --rate 1500 --settle 6 \
 *       --view "view=universe&maxStale=100"
 *
 * @module
 */
import { parseArgs } from "node:util";
import { chromium } from "npm:playwright-core@1.65.1";
import { RunningDemo } from "./page/running_demo.ts";
import { type TabState, WatchedTab } from "./page/watched_tab.ts";
import { usageOf } from "./soak/child.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    minutes: { type: "string", default: "10" },
    // Minutes that pass before, for example until a window is full.
    settle: { type: "string", default: "0" },
    symbols: { type: "string", default: "20" },
    rate: { type: "string", default: "200" },
    // What the page shows: a query, or nothing for the pair that the demo names.
    view: { type: "string", default: "" },
  },
});
const PROGRAMS = ["serve", "ingest"] as const;
const MINUTE_MS = 60_000;
const MEGABYTE = 1e6;

interface Row extends TabState {
  readonly minute: number;
  readonly bytes: number;
  readonly usage: readonly { readonly rssBytes: number; readonly cpuSeconds: number }[];
}

await using demo = await RunningDemo.start(["--symbols", values.symbols, "--rate", values.rate]);
const pids = PROGRAMS.map((name) => demo.pidOf(name));
await using browser = await chromium.launch({
  executablePath: Deno.env.get("CHROMIUM_PATH") ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-background-networking"],
});
const url = values.view === "" ? demo.url : `${new URL(demo.url).origin}/?${values.view}`;
console.log(`${url}, ${values.symbols} symbols, ${values.rate} trades/s`);
const tab = await WatchedTab.open(browser, url);

await wait(Number(values.settle) * MINUTE_MS);
tab.screens.clear();
const rows: Row[] = [];
const startedMs = performance.now();
console.log(
  "minute   heap MB  nodes listeners  tab MB  serve MB %core  ingest MB %core  updates changes kB/update",
);
for (let minute = 0; minute <= Number(values.minutes); minute++) {
  await wait(startedMs + minute * MINUTE_MS - performance.now());
  const usage = pids.map((pid) => usageOf(pid)!);
  const row = { minute: (performance.now() - startedMs) / MINUTE_MS, ...await tab.look() };
  rows.push({ ...row, bytes: tab.receivedBytes, usage });
  console.log(lineOf(rows.at(-1)!, rows.at(-2)));
}
report(rows);

function lineOf(row: Row, before: Row | undefined): string {
  const seconds = before === undefined ? NaN : 60 * (row.minute - before.minute);
  const since = (key: "updates" | "changes" | "bytes") => row[key] - (before?.[key] ?? 0);
  const programs = row.usage.map(({ rssBytes, cpuSeconds }, k) => {
    const share = (cpuSeconds - (before?.usage[k]?.cpuSeconds ?? NaN)) / seconds;
    return `${megabytes(rssBytes)} ${(100 * share).toFixed(1).padStart(5)}`;
  });
  return [
    row.minute.toFixed(1).padStart(6),
    (row.heapBytes / MEGABYTE).toFixed(2).padStart(9),
    ...[String(row.nodes).padStart(6), String(row.listeners).padStart(9)],
    ...[megabytes(row.rssBytes), ...programs],
    ...[String(since("updates")).padStart(8), String(since("changes")).padStart(8)],
    (since("bytes") / 1_000 / Math.max(1, since("updates"))).toFixed(2).padStart(8),
  ].join(" ");
}

/** What the whole run comes to; slopes leave out the first tenth, in which everything grows. */
function report(rows: readonly Row[]): void {
  const [first, last] = [rows[0]!, rows.at(-1)!];
  const later = rows.slice(Math.ceil(rows.length / 10));
  const seconds = 60 * (last.minute - first.minute);
  console.log(
    `per hour: heap ${perHour(later, (row) => row.heapBytes)}, nodes ${
      (60 * slope(later, (row) => row.nodes)).toFixed(0)
    }, tab ${perHour(later, (row) => row.rssBytes)}, ${
      PROGRAMS.map((name, k) => `${name} ${perHour(later, (row) => row.usage[k]!.rssBytes)}`)
        .join(", ")
    }`,
  );
  PROGRAMS.forEach((name, k) => {
    const used = last.usage[k]!.cpuSeconds - first.usage[k]!.cpuSeconds;
    console.log(`${name}: ${(100 * used / seconds).toFixed(2)} % of a core over the whole run`);
  });
  const times = [...tab.screens.keys()].filter((time) => time !== null).sort((a, b) => a - b);
  if (times.length === 0) return;
  const bars = (times.at(-1)! - times[0]!) / 1_000 + 1;
  const again = [...tab.screens.values()].filter((count) => count > 1).length;
  console.log(`screens of ${times.length} of ${bars} bars of 1 s, ${again} of them more than once`);
}

/** Least squares, per minute. */
function slope(rows: readonly Row[], value: (row: Row) => number): number {
  const mean = (of: (row: Row) => number) =>
    rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
  const [minute, level] = [mean((row) => row.minute), mean(value)];
  const both = mean((row) => (row.minute - minute) * (value(row) - level));
  return both / mean((row) => (row.minute - minute) ** 2);
}

function perHour(rows: readonly Row[], value: (row: Row) => number): string {
  return `${(60 * slope(rows, value) / MEGABYTE).toFixed(2)} MB`;
}

function megabytes(bytes: number): string {
  return (bytes / MEGABYTE).toFixed(0).padStart(7);
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
