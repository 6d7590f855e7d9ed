import { deepStrictEqual } from "node:assert/strict";
import { fillFromRest } from "../../lib/apps/backfill/from_rest.ts";
import { openHistory } from "../../lib/apps/history/open_history.ts";
import { BinanceArchive, BinanceRest } from "../../lib/feed/mod.ts";
import { openReader } from "../../lib/store/mod.ts";

const SYMBOL = "BTCUSDT";
const FROM_MS = 1_700_000_000_000;
const LAST_ID = 2_500;

/** An exchange of which the ids from 500 to 1,999, a whole page and more, have no quantity. */
function rowsFrom(url: URL): object[] {
  const fromId = Number(url.searchParams.get("fromId") ?? 1);
  const limit = Number(url.searchParams.get("limit"));
  const count = Math.max(0, Math.min(limit, LAST_ID - fromId + 1));
  return Array.from({ length: count }, (_, k) => {
    const a = fromId + k;
    const q = a >= 500 && a < 2_000 ? "0.000" : "1.000";
    return { a, p: "100.0", q, f: a, l: a, T: FROM_MS + a, m: false };
  });
}

Deno.test("fillFromRest() goes on after a page of which every row was set aside", async () => {
  const folder = await Deno.makeTempDir();
  await using server = Deno.serve(
    { port: 0, onListen() {} },
    ({ url }) => Response.json(rowsFrom(new URL(url))),
  );
  try {
    const database = `${folder}/tandem.db`;
    await using history = await openHistory({ database, simulated: true });
    using reader = openReader(database);
    const baseUrl = `http://127.0.0.1:${server.addr.port}`;
    const problems: string[] = [];
    await fillFromRest(
      { symbol: SYMBOL, streamKind: "aggTrade", fromMs: FROM_MS, toMs: FROM_MS + 60_000 },
      {
        rest: new BinanceRest({ baseUrl }),
        archive: new BinanceArchive({ baseUrl }),
        folder,
        history,
        reader,
        signal: new AbortController().signal,
      },
      { reached() {}, put() {}, problem: (message) => problems.push(message) },
    );
    const ids = reader.trades({ symbol: SYMBOL }).map(({ tradeId }) => tradeId);
    deepStrictEqual([ids.length, ids[0], ids.at(-1)], [LAST_ID - 1_500, 1, LAST_ID]);
    deepStrictEqual(reader.quarantinedIds(SYMBOL).length, 1_500);
    deepStrictEqual(problems, []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
