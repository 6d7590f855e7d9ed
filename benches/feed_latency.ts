// deno-lint-ignore-file no-console -- a command-line tool reports on the console
/**
 * What a trade costs from the socket to its bar and to the database, at a steady rate: processor
 * time and latency.
 *
 *     deno run -A benches/feed_latency.ts [RATE] [SECONDS]
 *
 * A process of its own sends the frames over a real socket on loopback, a frame per message. Each
 * client reads them in turn: a socket with `JSON.parse` and the conversions a trade needs; Python's
 * `websockets` with `json.loads` and the same conversions, where it is installed; the feed, with
 * ids checked and 1 s, 1 m and 5 m bars built; and the same into a database as an ingest does it. The
 * latency of a trade is from the call of the socket's handler to the end of the batch that put it
 * into its bar, and with the database also from there to the end of the transaction that stored it.
 *
 * @module
 */
import process from "node:process";
import { BarAggregator } from "tandem/bars";
import { binanceFeed, type Feed, LatencyHistogram } from "tandem/feed";
import { batchTrades, openWriterThread } from "tandem/store";
import { formatTable } from "../tools/support/format.ts";
import { run } from "../tools/support/process.ts";
import { Committer } from "../lib/apps/ingest/committer.ts";
import { Pipeline } from "../lib/apps/ingest/pipeline.ts";

const SYMBOLS = 200;
const [rate = 50_000, seconds = 10] = Deno.args.map(Number);
const COUNT = rate * seconds;
const names = Array.from({ length: SYMBOLS }, (_, k) => `SYM${k}USDT`);

/** What a client needed. */
interface Measured {
  readonly name: string;
  /** Processor time per trade, in us, the thread that reads the socket included. */
  readonly cpuUs: number;
  /** From receipt to bar, or from bar to commit, in us. */
  readonly p50Us?: number;
  readonly p99Us?: number;
}

const PYTHON = `
import asyncio, json, resource, sys
import websockets

async def main(port, count, names):
    async with websockets.connect(f"ws://127.0.0.1:{port}/market/stream", compression=None) as ws:
        used = lambda: sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
        params = [n.lower() + "@aggTrade" for n in names]
        await ws.send(json.dumps({"method": "SUBSCRIBE", "params": params, "id": 1}))
        start, got = used(), 0
        async for text in ws:
            data = json.loads(text).get("data")
            if data is None: continue
            float(data["p"]), float(data["q"]), data["a"], data["T"]
            got += 1
            if got == count: break
        print(json.dumps({"cpuUs": (used() - start) / count * 1e6}))

asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3].split(",")))
`;

/** Processor time of this process so far, in us. */
function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

async function plain(port: number): Promise<Measured> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/market/stream`);
  const done = Promise.withResolvers<void>();
  let [count, sum, startUs] = [0, 0, 0];
  socket.onopen = () => {
    const params = names.map((n) => `${n.toLowerCase()}@aggTrade`);
    socket.send(JSON.stringify({ method: "SUBSCRIBE", params, id: 1 }));
    startUs = cpuUs();
  };
  socket.onmessage = ({ data: text }) => {
    const { data } = JSON.parse(text);
    if (data === undefined) return;
    sum += Number(data.p) + Number(data.q) + data.a + data.T;
    if (++count === COUNT) done.resolve();
  };
  await done.promise;
  const usedUs = cpuUs() - startUs;
  socket.close();
  if (!(sum > 0)) throw new Error("The frames hold nothing");
  return { name: "socket and JSON.parse", cpuUs: usedUs / COUNT };
}

/** The feed as it is measured here. */
function feedOf(port: number, signal: AbortSignal, onFrame?: (text: string) => void): Feed {
  return binanceFeed({
    symbols: names,
    wsUrl: `ws://127.0.0.1:${port}`,
    restUrl: `http://127.0.0.1:${port}`,
    queueCapacity: COUNT,
    heartbeatSymbol: names[0]!,
    // The times of the frames begin anew with every client.
    lagMs: 1_000_000,
    signal,
    ...(onFrame === undefined ? {} : { onFrame }),
  });
}

/** Runs the feed into bars; `stamps` says whether each frame's receipt is timed. */
async function fed(port: number, stamps: boolean): Promise<Measured> {
  const received = new Float64Array(COUNT);
  const latencyUs = new LatencyHistogram();
  const bars = new BarAggregator();
  const stop = new AbortController();
  let [seen, barred, startUs] = [0, 0, 0];
  const onFrame = (text: string) => {
    if (text.startsWith('{"stream"')) received[seen++] = performance.now();
  };
  const feed = feedOf(port, stop.signal, stamps ? onFrame : undefined);
  for await (const events of feed) {
    if (barred === 0) startUs = cpuUs();
    const from = barred;
    for (const event of events) {
      if (event.kind === "trade") {
        bars.push(event.trade);
        barred++;
      } else if (event.kind === "watermark") {
        bars.advance(event.symbols, event.timeMs);
      }
    }
    bars.takeBars();
    const nowMs = performance.now();
    if (stamps) {
      for (let k = from; k < barred; k++) latencyUs.record(1_000 * (nowMs - received[k]!));
    }
    if (barred === COUNT) stop.abort();
  }
  if (!stamps) return { name: "feed and bars", cpuUs: (cpuUs() - startUs) / COUNT };
  return {
    name: "feed and bars, timed",
    cpuUs: (cpuUs() - startUs) / COUNT,
    p50Us: latencyUs.quantileMs(0.5)!,
    p99Us: latencyUs.quantileMs(0.99)!,
  };
}

/** What an ingest does with the trades; tells how many are committed after each commit. */
class TimedPipeline extends Pipeline {
  onCommit: (stored: number) => void = () => {};

  override endCommit(): void {
    super.endCommit();
    this.onCommit(this.totals.stored);
  }
}

/** Runs the feed into bars and a database; times each trade to its bar, and on to its commit. */
async function stored(port: number): Promise<Measured[]> {
  const folder = await Deno.makeTempDir();
  const stop = new AbortController();
  const latencyUs = new LatencyHistogram();
  const receiptUs = new LatencyHistogram();
  const received = new Float64Array(COUNT);
  const barredMs = new Float64Array(COUNT);
  let [seen, barred, committed, startUs] = [0, 0, 0, 0];
  const onFrame = (text: string) => {
    if (text.startsWith('{"stream"')) received[seen++] = performance.now();
  };
  try {
    const database = `${folder}/bench.db`;
    using writer = await openWriterThread(database, {
      identity: { pid: Deno.pid, host: "bench", startedAtMs: 0, simulated: true },
    });
    for (const name of names) writer.register("binance-usdm", name, "aggTrade");
    const pipeline = new TimedPipeline("binance-usdm", writer);
    pipeline.onCommit = (stored) => {
      const nowMs = performance.now();
      while (committed < stored) latencyUs.record(1_000 * (nowMs - barredMs[committed++]!));
    };
    const report = { info() {}, warn() {}, progress() {}, print() {} };
    const failed = (error: unknown) => {
      throw error;
    };
    using committer = new Committer(pipeline, report, {
      probe() {},
      fail: failed,
      batchTrades: batchTrades(database),
    });
    for await (const events of feedOf(port, stop.signal, onFrame)) {
      if (barred === 0) startUs = cpuUs();
      pipeline.apply(events);
      const { trades } = pipeline.totals;
      const nowMs = performance.now();
      for (let k = barred; k < trades; k++) receiptUs.record(1_000 * (nowMs - received[k]!));
      barredMs.fill(nowMs, barred, trades);
      barred = trades;
      if (barred < COUNT) await committer.applied(stop.signal);
      else if (!stop.signal.aborted) {
        pipeline.commit();
        stop.abort();
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  if (committed !== COUNT) throw new Error(`Stored ${committed} of ${COUNT} trades`);
  const used = (cpuUs() - startUs) / COUNT;
  return ([["from receipt to bar", receiptUs], ["from bar to commit", latencyUs]] as const).map(
    ([way, us]) => ({
      name: `feed, bars and store, ${way}`,
      cpuUs: used,
      p50Us: us.quantileMs(0.5)!,
      p99Us: us.quantileMs(0.99)!,
    }),
  );
}

async function python(port: number): Promise<Measured | null> {
  const args = ["-c", PYTHON, String(port), String(COUNT), names.join(",")];
  const { code, output } = await run("/usr/bin/python3", args);
  return code === 0 ? { name: "Python websockets, json.loads", ...JSON.parse(output) } : null;
}

const sender = new Deno.Command(Deno.execPath(), {
  args: ["run", "-A", new URL("./support/paced_sender.ts", import.meta.url).href]
    .concat([rate, seconds, SYMBOLS].map(String)),
  stdout: "piped",
}).spawn();
try {
  const reader = sender.stdout.getReader();
  const port = Number(new TextDecoder().decode((await reader.read()).value));
  console.log(`${COUNT} trades of ${SYMBOLS} symbols, ${rate} per second`);
  // Once for the compiler, which shares the processor with what is measured.
  for (const client of [plain, (p: number) => fed(p, false)]) await client(port);
  const rows = [await plain(port), await fed(port, false), await fed(port, true)];
  rows.push(...await stored(port));
  const theirs = await python(port);
  if (theirs === null) console.log("Python's websockets is not installed (python3-websockets)");
  else rows.push(theirs);
  const us = (value: number | undefined) => value === undefined ? "" : value.toFixed(1);
  console.log(formatTable(
    ["client", "processor us per trade", "p50 us", "p99 us"],
    rows.map((r) => [r.name, us(r.cpuUs), us(r.p50Us), us(r.p99Us)]),
  ));
} finally {
  sender.kill("SIGTERM");
  await sender.status;
}
