/**
 * The whole way: frames from a real socket, parsed, sequenced, made into bars and committed to
 * SQLite. The reference only receives the same frames and runs `JSON.parse` on them.
 *
 * @module
 */
import { binanceFeed } from "tandem/feed";
import { openWriter } from "tandem/store";
import { Pipeline } from "../lib/apps/ingest/pipeline.ts";

const COUNT = 100_000;
const SYMBOLS = 20;
const names = Array.from({ length: SYMBOLS }, (_, k) => `SYM${k}USDT`);
const worker = new Worker(
  new URL(`./support/blast_worker.ts?count=${COUNT}&symbols=${SYMBOLS}`, import.meta.url),
  { type: "module" },
);
const port = await new Promise<number>((resolve) => worker.onmessage = (e) => resolve(e.data));

Deno.bench({
  name: "receive and JSON.parse",
  group: "100,000 trades end to end",
  baseline: true,
  n: 5,
  warmup: 1,
  async fn() {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/market/stream`);
    const done = Promise.withResolvers<void>();
    let count = 0;
    socket.onopen = () =>
      socket.send(JSON.stringify({
        method: "SUBSCRIBE",
        params: names.map((n) => `${n.toLowerCase()}@aggTrade`),
        id: 1,
      }));
    socket.onmessage = ({ data }) => {
      const { data: trade } = JSON.parse(data);
      if (trade !== undefined && Number(trade.p) > 0 && ++count === COUNT) done.resolve();
    };
    await done.promise;
    socket.close();
  },
});

Deno.bench({
  name: "feed, bars and store, committed",
  group: "100,000 trades end to end",
  n: 5,
  warmup: 1,
  async fn() {
    const folder = await Deno.makeTempDir();
    const stop = new AbortController();
    {
      using writer = openWriter(`${folder}/bench.db`, {
        identity: { pid: Deno.pid, host: "bench", startedAtMs: 0, simulated: true },
      });
      for (const name of names) writer.register("binance-usdm", name, "aggTrade");
      const pipeline = new Pipeline("binance-usdm", writer);
      const feed = binanceFeed({
        symbols: names,
        wsUrl: `ws://127.0.0.1:${port}`,
        restUrl: `http://127.0.0.1:${port}`,
        heartbeatSymbol: names[0]!,
        queueCapacity: 2 * COUNT,
        signal: stop.signal,
      });
      for await (const events of feed) {
        pipeline.apply(events);
        if (pipeline.pending >= 5_000) pipeline.commit();
        if (pipeline.totals.trades >= COUNT) stop.abort();
      }
      pipeline.drain();
      if (pipeline.totals.stored !== COUNT) {
        throw new Error(`Stored ${pipeline.totals.stored} of ${COUNT} trades`);
      }
    }
    await Deno.remove(folder, { recursive: true });
  },
});

addEventListener("unload", () => worker.terminate());
