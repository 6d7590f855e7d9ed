import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { attach } from "../../lib/notebook/mod.ts";
import { openWriter, StoreError } from "../../lib/store/mod.ts";
import { postgresTest } from "../support/postgres_server.ts";

Deno.test("attach() does not repeat the password of a server that it cannot reach", () => {
  throws(
    () => attach({ db: "postgres://me:secret@127.0.0.1:1/tandem" }),
    (error) =>
      error instanceof StoreError && error.code === "offline" && !error.message.includes("secret"),
  );
  Deno.env.delete("PGPASSWORD");
});

postgresTest("attach() reads a database on a server, the same however often it is called", (db) => {
  using writer = openWriter(db, {
    identity: { pid: 1, host: "here", startedAtMs: 0, simulated: true },
  });
  writer.register("binance-usdm", "BTCUSDT", "aggTrade");
  using reader = attach({ db });
  deepStrictEqual(reader.symbols().map(({ symbol }) => symbol), ["BTCUSDT"]);
  strictEqual(attach({ db }), reader);
});
