/**
 * The whole way: frames from a real socket, parsed, sequenced, deduplicated, made into bars and
 * committed to SQLite, timed from the first frame to the last commit. The reference only receives
 * the same frames and runs `JSON.parse` on them. Beside them a plain Python stack, where it is
 * installed.
 *
 * @module
 */
import { ingestOnce } from "./support/ingest_run.ts";
import { IngestProcess, originProblem } from "./support/origin.ts";

const COUNT = 200_000;
const SYMBOLS = 20;
const symbols = Array.from({ length: SYMBOLS }, (_, k) => `SYM${k}USDT`);
const worker = new Worker(
  new URL(`./support/blast_worker.ts?count=${COUNT}&symbols=${SYMBOLS}`, import.meta.url),
  { type: "module" },
);
const port = await new Promise<number>((resolve) => worker.onmessage = (e) => resolve(e.data));
const group = "200,000 trades end to end";

/** Only an `async fn` is awaited by `deno bench`: one that merely returns a promise is timed to its start. */
async function inFolder(body: (database: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(`${folder}/bench.db`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.bench({
  name: "receive and JSON.parse",
  group,
  baseline: true,
  n: 5,
  warmup: 1,
  async fn(b) {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/market/stream`);
    const done = Promise.withResolvers<void>();
    let count = 0;
    socket.onopen = () =>
      socket.send(JSON.stringify({
        method: "SUBSCRIBE",
        params: symbols.map((n) => `${n.toLowerCase()}@aggTrade`),
        id: 1,
      }));
    socket.onmessage = ({ data }) => {
      const { data: trade } = JSON.parse(data);
      if (trade === undefined || !(Number(trade.p) > 0)) return;
      if (count === 0) b.start();
      if (++count === COUNT) done.resolve();
    };
    await done.promise;
    b.end();
    socket.close();
  },
});

Deno.bench({
  name: "feed, bars and store, committed",
  group,
  n: 5,
  warmup: 1,
  async fn(b) {
    await inFolder(async (database) => {
      const onStart = () => b.start();
      const { seconds } = await ingestOnce({ port, symbols, count: COUNT, database }, onStart);
      b.end();
      if (!(seconds > 0)) throw new Error("Nothing was timed");
    });
  },
});

const problem = await originProblem();
if (problem !== null) {
  // deno-lint-ignore no-console -- a bench that is left out says why
  console.error(`The bench of the Python stack is left out: ${problem}`);
}

Deno.bench({
  name: "websockets, asyncio.Queue and aiosqlite in Python",
  group,
  ignore: problem !== null,
  n: 3,
  warmup: 0,
  async fn(b) {
    await inFolder(async (database) => {
      await using origin = await IngestProcess.start("origin", {
        ...{ port, symbols, count: COUNT, database },
      });
      b.start();
      const { stored } = await origin.ingest();
      b.end();
      if (stored !== COUNT) throw new Error(`Stored ${stored} of ${COUNT} trades`);
    });
  },
});

addEventListener("unload", () => worker.terminate());
