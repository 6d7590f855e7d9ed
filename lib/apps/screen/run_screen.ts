import { counted } from "../counted.ts";
import { setTimeout as wait } from "node:timers/promises";
import { LiveScreen } from "../../live/mod.ts";
import { openReader, type StoreReader } from "../../store/mod.ts";
import { markedAs, screenTable } from "../../tables/mod.ts";
import { Screener, type ScreenReport } from "../../universe/mod.ts";
import { quietly, writeTable } from "../export/write_table.ts";
import { type Context, ProgramError } from "../program.ts";
import type { ScreenProgramOptions } from "../screen.ts";
import { rowsOf, type TimedBar } from "./bars.ts";
import { readFileBars } from "./file_bars.ts";
import { StoreBars } from "./store_bars.ts";
import { screenText } from "./table.ts";

/** How often the database is looked at with `--watch`, ms. */
const POLL_MS = 100;
/** Rows pushed between two chances for a signal to come in. */
const ROWS_AT_ONCE = 50;
/** Rows that are also printed where all of them go to a file. */
const SHOWN_BESIDE_A_FILE = 20;

/** Screens a database or files, once, bar by bar or for as long as it is watched. */
export async function runScreen(options: ScreenProgramOptions, context: Context): Promise<void> {
  if (options.watch) return await watch(options, context);
  const { intervalMs, windowBars, range } = options;
  using reader = options.files.length > 0 ? null : openReader(options.database);
  let bars: Iterable<TimedBar>;
  if (reader === null) {
    const all = await readFileBars(options.files, intervalMs, context);
    const [fromMs, toMs] = limits(options, all.at(-1)?.openTimeMs ?? 0);
    bars = all.filter(({ openTimeMs }) => openTimeMs >= fromMs && openTimeMs < toMs);
    tellEnds(all, toMs, options, context);
  } else {
    const stored = new StoreBars(reader, options.database, intervalMs);
    bars = stored.read(...limits(options, stored.lastMs));
  }
  const window = { intervalMs, windowBars, ...staleLimit(options) };
  const screener = new Screener(window, options.screen);
  let rows = 0;
  for (const row of rowsOf(bars, intervalMs)) {
    screener.push(row.openTimeMs, row.bars);
    if (++rows % ROWS_AT_ONCE === 0) {
      context.report.progress(`${rows} bars, up to ${new Date(row.openTimeMs).toISOString()}`);
      await wait(0);
      context.signal.throwIfAborted();
    }
    if (range !== null && rows % options.everyBars === 0) step(screener, options, context);
  }
  if (rows === 0) throw new ProgramError("Cannot screen as there is no bar in the range");
  await give(screener.screen(options.screen), reader, options, context);
}

/** Prints a screen, and writes it to the file that was asked for. */
async function give(
  found: ScreenReport,
  reader: StoreReader | null,
  options: ScreenProgramOptions,
  context: Context,
): Promise<void> {
  const { out, json } = options;
  if (out?.path !== "-") {
    const rows = json || out === null ? found.rows : found.rows.slice(0, SHOWN_BESIDE_A_FILE);
    print({ ...found, rows }, options, context);
  }
  if (out === null) return;
  const table = screenTable(found);
  await writeTable(
    reader === null ? table : markedAs(reader, table),
    out,
    (n) => counted(n, "pair"),
    json ? quietly(context) : context,
  );
}

/** Names the files that end before the window does: their symbols are not in the screen. */
function tellEnds(
  all: readonly TimedBar[],
  toMs: number,
  { intervalMs, windowBars }: ScreenProgramOptions,
  { report }: Context,
): void {
  const ends = new Map<string, number>();
  for (const { symbol, openTimeMs } of all) if (openTimeMs < toMs) ends.set(symbol, openTimeMs);
  const beginMs = Math.max(...ends.values()) - windowBars * intervalMs;
  const early = [...ends].filter(([, endMs]) => endMs <= beginMs)
    .map(([symbol, endMs]) => `${symbol} (ends ${new Date(endMs).toISOString()})`);
  if (early.length > 0) {
    report.warn(`Without a bar in the window: ${early.join(", ")}; --to chooses an earlier end`);
  }
}

/** From when to when bars are read. */
function limits(options: ScreenProgramOptions, lastMs: number): [fromMs: number, toMs: number] {
  const { range, intervalMs, windowBars } = options;
  return range === null
    ? [lastMs - 2 * windowBars * intervalMs + intervalMs, Infinity]
    : [range.fromMs ?? -Infinity, range.toMs ?? Infinity];
}

/** One line on the walk: what was found here, and what became of what was found before. */
function step(screener: Screener, options: ScreenProgramOptions, { report }: Context): void {
  const found = screener.screen({ ...options.screen, rows: "discoveries", limit: 0 });
  const { openTimeMs, tested, usable, benjaminiHochberg, benjaminiYekutieli, holdOut } = found;
  if (options.json) {
    const { rows: _, symbols: __, ...line } = found;
    report.print(JSON.stringify({ step: true, ...line }));
    return;
  }
  const { latest } = holdOut;
  report.print(
    `${new Date(openTimeMs!).toISOString()}  ${counted(usable, "symbol")}, ${
      counted(tested, "pair")
    }, ` +
      `discoveries: ${benjaminiHochberg.count}, ${benjaminiYekutieli.count} whatever the dependence` +
      (latest === null || latest.tested === 0
        ? ""
        : `; of those one window earlier ${latest.survived} of ${latest.tested} passed again`),
  );
}

async function watch(options: ScreenProgramOptions, context: Context): Promise<void> {
  const { intervalMs, windowBars } = options;
  const { signal, report } = context;
  using reader = openReader(options.database);
  const window = { intervalMs, windowBars, ...staleLimit(options) };
  const live = new LiveScreen(reader, window, options.screen);
  while (live.warmUp !== null && !signal.aborted) {
    const endMs = performance.now() + POLL_MS;
    live.warm(() => performance.now() < endMs);
    if (live.warmUp !== null) report.progress(`Reading bars: ${live.warmUp.readBars} so far`);
    await wait(0);
  }
  for (let shown = -1; !signal.aborted; await wait(POLL_MS, null, { signal }).catch(() => {})) {
    live.poll(performance.now());
    const newestMs = live.screener.universe.openTimeMs ?? 0;
    if (newestMs <= shown) continue;
    shown = newestMs;
    print(live.screener.screen(options.screen), options, context);
  }
}

function staleLimit({ screen }: ScreenProgramOptions) {
  const { maxStaleShare } = screen.symbols ?? {};
  return { maxStaleShare: maxStaleShare ?? 0.05 };
}

function print(found: ScreenReport, { json, watch }: ScreenProgramOptions, { report }: Context) {
  if (json) report.print(JSON.stringify(found));
  else report.print((watch && Deno.stdout.isTerminal() ? "\x1b[2J\x1b[H" : "") + screenText(found));
}
