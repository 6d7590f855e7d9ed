/** Word of alerts where an ingest in the background is ended and another one started in its place. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { startExchange } from "../../lib/exchange/mod.ts";
import { openReader } from "../../lib/store/mod.ts";
import { run, until } from "../support/programs.ts";

Deno.test("ingest --detach --alerts tells each alert once, also where it follows upon another one", async () => {
  const folder = await Deno.makeTempDir();
  const database = `${folder}/tandem.db`;
  /** The alerts that came over each of two addresses. */
  const told: Record<string, string[]> = { "/first": [], "/second": [] };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    told[new URL(request.url).pathname]!.push(request.headers.get("tandem-alert-id")!);
    await request.body?.cancel();
    // So long another courier would find the alert waiting.
    await new Promise((resolve) => setTimeout(resolve, 200));
    return new Response("ok");
  });
  await using exchange = await startExchange({
    source: { seed: 5, symbols: ["BTCUSDT"], ratePerSecond: 4, historyMs: 1_000 },
  });
  const start = async (path: string) => {
    const url = `http://127.0.0.1:${server.addr.port}${path}`;
    // The market is silent for a moment again and again.
    const rules = Array.from({ length: 20 }, (_, k) => ({
      ...{ id: `${path.slice(1)}-${k}`, watch: "silence", symbol: "BTCUSDT" },
      ...{ above: 0.1 * (k + 1), cooldown: "0s", channels: ["desk"] },
    }));
    const channels = { desk: { kind: "webhook", url, allowPrivate: true } };
    const file = `${folder}${path}.json`;
    await Deno.writeTextFile(file, JSON.stringify({ channels, rules }));
    const { code, err } = await run(
      ...["ingest", "BTCUSDT", "--db", database, "--warm", "0", "--detach"] as const,
      ...["--ws-url", exchange.wsUrl, "--rest-url", exchange.restUrl, "--alerts", file],
    );
    strictEqual(code, 0, err);
  };
  const stop = async () => strictEqual((await run("stop", "--db", database)).code, 0);
  try {
    await start("/first");
    await until(() => told["/first"]!.length > 2, 60_000);
    await stop();
    await start("/second");
    try {
      await until(() => told["/second"]!.length > 2, 60_000);
      const before = told["/first"]!.length;
      await until(() => told["/second"]!.length > 10, 60_000);
      strictEqual(told["/first"]!.length, before, "the first courier goes on");
    } finally {
      await stop();
    }
    for (const ids of Object.values(told)) deepStrictEqual([...new Set(ids)], ids);
    using reader = openReader(database);
    const states = reader.alerts.history().flatMap(({ deliveries }) => deliveries);
    ok(states.every(({ state }) => state !== "failed"));
  } finally {
    await server.shutdown();
    await Deno.remove(folder, { recursive: true });
  }
});
