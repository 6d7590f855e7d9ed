import { ok, strictEqual } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as wait } from "node:timers/promises";
import { archiveFolder } from "../../lib/store/archive/archive_path.ts";
import {
  DAY_MS,
  openStore,
  policy,
  START_MS,
  tradesOf,
  VENUE,
  withFolder,
} from "./support/days.ts";

const SYMBOL = "BTCUSDT";
const never = new AbortController().signal;
/** Larger than the log may be after a checkpoint, smaller than everything that is written. */
const LOG_BYTES = 64 * 2 ** 20;

Deno.test(
  "readers of other processes are never locked out, nor see a torn state, whatever the writer does",
  withFolder(async (path) => {
    using writer = openStore(path);
    writer.register(VENUE, SYMBOL, "aggTrade");
    const readers = Array.from({ length: 2 }, () =>
      new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "--quiet", "--allow-all"],
          new URL("./support/reading.ts", import.meta.url).pathname,
          path,
          SYMBOL,
        ],
        stdout: "piped",
        stderr: "piped",
      }).spawn());
    let nextId = 1;
    for (let day = 0; day < 3; day++) {
      const trades = tradesOf(SYMBOL, { days: 1, perDay: 4_000 }).map((trade, k) => ({
        ...trade,
        tradeId: nextId + k,
        timeMs: trade.timeMs + day * DAY_MS,
      }));
      nextId += trades.length;
      for (let k = 0; k < trades.length; k += 100) {
        writer.write({ trades: trades.slice(k, k + 100) });
        if (k % 1_000 === 0) writer.checkpoint();
        await wait(1);
      }
      const nowMs = START_MS + (day + 1) * DAY_MS + 1;
      const { problems } = await writer.housekeep(policy(nowMs, { archiveAfterMs: 0 }), never);
      strictEqual(problems.join(), "");
    }
    ok(Deno.statSync(archiveFolder(path)).isDirectory);
    await Deno.writeTextFile(`${path}.stop`, "");
    for (const reader of readers) {
      const { code, stdout, stderr } = await reader.output();
      const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      strictEqual(code, 0, text(stderr));
      const { reads, seen } = JSON.parse(text(stdout));
      ok(reads >= 5 && seen > 0, `${reads} reads of ${seen} trades`);
    }
  }),
);

Deno.test(
  "the log of a database stays bounded, and one that a long reader made grow is cut afterwards",
  withFolder(async (path) => {
    using writer = openStore(path);
    writer.register(VENUE, SYMBOL, "aggTrade");
    let nextId = 1;
    const write = (batches: number) => {
      for (let k = 0; k < batches; k++) {
        const trades = tradesOf(SYMBOL, { days: 1, perDay: 500 }).map((t) => ({
          ...t,
          // Trades all over the table: each commit changes many pages, and the log grows fast.
          tradeId: (nextId++ * 2_654_435_761) % 2 ** 32,
        }));
        writer.write({ trades });
      }
    };
    const logBytes = () => Deno.statSync(`${path}-wal`).size;
    write(200);
    const usual = logBytes();
    ok(usual < LOG_BYTES, `${usual}`);

    const long = new DatabaseSync(path, { readOnly: true });
    long.exec("BEGIN");
    const before = Number(long.prepare("SELECT count(*) AS n FROM trades").get()!.n);
    for (let k = 0; k < 40 && logBytes() < LOG_BYTES + 2 ** 20; k++) write(10);
    ok(logBytes() > LOG_BYTES, `${logBytes()}: the reader must hold the log`);
    strictEqual(Number(long.prepare("SELECT count(*) AS n FROM trades").get()!.n), before);
    long.exec("COMMIT");
    long.close();
    await wait(1);
    write(20);
    ok(logBytes() <= LOG_BYTES, `${logBytes()} after the reader has gone`);
  }),
);
