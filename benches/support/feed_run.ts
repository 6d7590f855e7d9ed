/**
 * The first half of the whole way: from the first frame of a socket into a log. As a program it
 * makes ready, waits for a line on standard input and prints what it took.
 *
 *     deno run -A benches/support/feed_run.ts PORT COUNT BUS SYMBOLS
 *
 * @module
 */
import process from "node:process";
import { EventPublisher, jetStreamBus } from "tandem/bus";
import { binanceFeed } from "tandem/feed";
import { addContent } from "../../lib/apps/log/log_state.ts";

/** What it took. */
export interface FeedRunResult {
  /** When the first frame came and when the log had the last, ms since the epoch. */
  readonly startMs: number;
  readonly endMs: number;
  /** Processor time in between, s. */
  readonly cpuSeconds: number;
  readonly batches: number;
}

async function feedOnce(
  port: number,
  count: number,
  url: string,
  symbols: readonly string[],
  ready: () => Promise<unknown>,
): Promise<FeedRunResult> {
  const stop = new AbortController();
  await using bus = await jetStreamBus({ url });
  const about = { venue: "binance-usdm", streamKind: "aggTrade" as const };
  const told = symbols.map((symbol) => [symbol, { ...about, decimals: { price: 2, quantity: 3 } }]);
  const content = { simulated: true, symbols: Object.fromEntries(told) };
  await addContent(bus, content, stop.signal);
  await ready();
  const feed = binanceFeed({
    symbols,
    wsUrl: `ws://127.0.0.1:${port}`,
    restUrl: `http://127.0.0.1:${port}`,
    heartbeatSymbol: symbols[0]!,
    queueCapacity: 2 * count,
    signal: stop.signal,
  });
  let [batches, sent, startMs, cpuBefore] = [0, 0, 0, 0];
  const publisher = new EventPublisher(bus, {
    feed: "bench",
    startedAtMs: Date.now(),
    signal: stop.signal,
    onSent: () => batches++,
  });
  for await (const events of feed) {
    const trades = events.filter((event) => event.kind === "trade").length;
    if (startMs === 0 && trades > 0) [startMs, cpuBefore] = [Date.now(), cpuOf()];
    sent += trades;
    await publisher.publish(events);
    if (sent >= count) break;
  }
  await publisher.flush();
  return { startMs, endMs: Date.now(), cpuSeconds: cpuOf() - cpuBefore, batches };
}

/** Processor time of this process, s. */
function cpuOf(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

if (import.meta.main) {
  const [port, count, url, symbols] = Deno.args;
  // deno-lint-ignore no-console -- a process of its own answers on standard output
  const answer = (value: unknown) => console.log(JSON.stringify(value));
  const ready = async () => {
    answer({ deno: Deno.version.deno });
    await Deno.stdin.read(new Uint8Array(16));
  };
  answer(await feedOnce(Number(port), Number(count), url!, symbols!.split(","), ready));
  Deno.exit(0);
}
