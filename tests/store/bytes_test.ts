import { ok, strictEqual } from "node:assert/strict";
import { archivePath } from "../../lib/store/archive/archive_path.ts";
import { Random } from "../../lib/stats/mod.ts";
import { openReader } from "../../lib/store/mod.ts";
import { ask, DAY_MS, openStore, policy, START_MS, VENUE, withFolder } from "./support/days.ts";

const SYMBOLS = 20;
const PER_SYMBOL = 10_000;

Deno.test(
  "a trade takes at most 30 bytes in the database and 10 in a file of a closed day",
  withFolder(async (path) => {
    // Ids, times, ticks and sizes as those of a large venue; the walk of prices is simulated.
    const random = new Random(11);
    const names = Array.from({ length: SYMBOLS }, (_, k) => `SYM${k}USDT`);
    const ticks = names.map(() => Math.round(10 ** (4 + 2 * random.uniform())));
    using writer = openStore(path);
    for (const name of names) writer.register(VENUE, name, "aggTrade", { price: 2, quantity: 3 });
    const emptyPages = ask(path, "PRAGMA page_count");
    for (let k = 0; k < PER_SYMBOL; k += 50) {
      const trades = Array.from({ length: 50 * SYMBOLS }, (_, j) => {
        const s = j % SYMBOLS;
        ticks[s] = Math.max(1, ticks[s]! + Math.round(4 * random.uniform() - 2));
        const at = k + Math.floor(j / SYMBOLS);
        return {
          venue: VENUE,
          symbol: names[s]!,
          tradeId: 2_400_000_000 + at,
          timeMs: START_MS + Math.floor((at + random.uniform()) * DAY_MS / PER_SYMBOL),
          price: ticks[s]! / 100,
          quantity: Math.ceil(20_000 * random.uniform() ** 4) / 1_000,
          takerSide: random.uniform() < 0.5 ? "buy" as const : "sell" as const,
          source: "ws" as const,
        };
      });
      writer.write({ trades });
    }
    writer.checkpoint();
    const count = SYMBOLS * PER_SYMBOL;
    const pages = ask(path, "PRAGMA page_count") - emptyPages;
    const hot = pages * ask(path, "PRAGMA page_size") / count;
    const { problems } = await writer.housekeep(
      policy(START_MS + 2 * DAY_MS, { archiveAfterMs: 0 }),
      new AbortController().signal,
    );
    strictEqual(problems.join(), "");
    const files = names.map((name) => Deno.statSync(archivePath(path, VENUE, name, START_MS)).size);
    const cold = files.reduce((sum, size) => sum + size) / count;
    ok(
      hot <= 30 && cold <= 10,
      `${hot.toFixed(1)} bytes in the database, ${cold.toFixed(1)} in files`,
    );
    using reader = openReader(path);
    strictEqual(reader.tradeColumns({ symbol: names[7]! }).length, PER_SYMBOL);
  }),
);
