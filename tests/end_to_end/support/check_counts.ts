import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { jetStreamBus } from "../../../lib/bus/mod.ts";
import { openReader, openWriter } from "../../../lib/store/mod.ts";
import type { NatsServer } from "../../support/nats_server.ts";
import { countsInLog } from "./log_counts.ts";

/** What was told is counted once: the log has every message once, whoever was killed. */
export async function checkCounts(
  server: NatsServer,
  database: string,
  symbols: readonly string[],
): Promise<void> {
  await using bus = await jetStreamBus({ url: server.url });
  using writer = openWriter(database, {
    identity: { pid: Deno.pid, host: "here", startedAtMs: 0, simulated: true },
  });
  const place = (partition: number) => writer.bookmark(`log.tandem.${bus.identity}.${partition}`);
  const told = await countsInLog(bus, symbols, (partition) => place(partition) ?? 0);
  using reader = openReader(database);
  deepStrictEqual(
    reader.quarantineCounts().map((q) => [q.symbol, q.reason, q.frames]).sort(),
    told.quarantined.sort(),
    "frames set aside, by symbol and reason",
  );
  for (const { symbol, received } of reader.quality()) {
    strictEqual(received, told.received.get(symbol), `${symbol}: what was received`);
  }
}
