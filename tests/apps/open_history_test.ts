import { rejects } from "node:assert/strict";
import { openHistory } from "../../lib/apps/history/open_history.ts";
import { until } from "../support/programs.ts";

Deno.test("openHistory() puts nothing into a file that was moved away", async () => {
  const database = `${await Deno.makeTempDir()}/a.db`;
  await using history = await openHistory({ database, simulated: true });
  const symbol = { venue: "binance-usdm", symbol: "BTCUSDT", streamKind: "aggTrade" } as const;
  const put = () => history.putTrades({ ...symbol, trades: [], rejected: [] });
  await put();
  await Deno.rename(database, `${database}.moved`);
  await until(() => put().then(() => false, () => true));
  await rejects(put(), /the file was removed or replaced/);
});
