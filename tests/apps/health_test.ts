import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { connect } from "node:net";
import type { FeedStatus, IngestStatus, StoreStatus } from "../../lib/apps/control/status.ts";
import { serveHealth } from "../../lib/apps/health/health_server.ts";
import { roleMetrics } from "../../lib/apps/health/role_metrics.ts";
import { unready } from "../../lib/apps/health/unready.ts";
import { exposition } from "../../lib/metrics/mod.ts";
import { noTotals } from "../../lib/apps/ingest/pipeline_totals.ts";
import { withIngest } from "./support/with_ingest.ts";

const OF_PROCESS = {
  ...{ pid: 1, startedAtMs: 5_000, nowMs: 6_000, simulated: true, rssBytes: 1e8, heapBytes: 1e7 },
  ...{ cpuMs: 250, loopDelay: { p50Ms: 1, p99Ms: 4, maxMs: 9 } },
};
const HEARING = {
  ...{ wsUrl: "ws://x", restUrl: "http://x", streamKind: "aggTrade", clock: null },
  streams: { BTCUSDT: "live", ETHUSDT: "pending" },
  connections: [{ symbols: 2, openedMs: 0, lastDataMs: null, lagMs: null }],
  ...{ latency: { p50Ms: 2, p99Ms: 7, maxMs: 8, count: 3 }, streamLatency: {} },
};
const STORING = {
  ...{ ...noTotals(), trades: 10, stored: 9, duplicates: 2, quarantined: 1 },
  ...{ tradesPerSecond: 5, watermarkMs: 4_000, lagMs: 500, storage: null },
};
const LOG = {
  ...{ servers: ["127.0.0.1:4222"], log: "tandem", isConnected: true, messages: 3, bytes: 400 },
  behind: { store: 2 },
};
const INGEST: IngestStatus = {
  ...{ role: "ingest", recorded: { marks: null, quotes: null } },
  ...{ ...OF_PROCESS, ...HEARING, ...STORING },
};
const FEED: FeedStatus = {
  ...{ role: "feed", name: "first", ...OF_PROCESS, ...HEARING },
  ...{ published: 7, batches: 2, waiting: 0, log: LOG },
};
const STORE: StoreStatus = {
  ...{ role: "store", name: "first", ...OF_PROCESS, ...STORING },
  ...{ log: LOG, logLagMs: 0, standingBy: null, partitionCount: 8, stores: 2 },
  partitions: [{ partition: 3, behind: 2 }, { partition: 5, behind: 0 }],
};

Deno.test("unready() says why a program does not do its work, and nothing where it does", () => {
  for (const each of [INGEST, FEED, STORE]) deepStrictEqual(unready(each), [], each.role);
  const storage = { message: "the disk is full", sinceMs: 0 };
  const gone = { ...LOG, isConnected: false };
  const deaf = { connections: [], streams: { BTCUSDT: "silent" } };
  const cases: [IngestStatus | FeedStatus | StoreStatus, RegExp[]][] = [
    [{ ...INGEST, ...deaf }, [/no connection to the exchange/]],
    [{ ...INGEST, streams: { BTCUSDT: "silent" } }, [/no stream is live/]],
    [{ ...INGEST, storage, lagMs: 61_000 }, [/disk is full/, /61 s behind the exchange/]],
    [{ ...FEED, log: gone, waiting: 100_000 }, [/cannot be reached/, /100000 events wait/]],
    [{ ...STORE, log: gone, storage }, [/cannot be reached/, /disk is full/]],
    [{ ...STORE, logLagMs: 31_000 }, [/31 s behind the log/]],
    [{ ...STORE, standingBy: "another writes x", partitions: [] }, [/stands by: another writes x/]],
  ];
  for (const [status, patterns] of cases) {
    const reasons = unready(status);
    strictEqual(reasons.length, patterns.length, reasons.join("; "));
    patterns.forEach((pattern, k) => match(reasons[k]!, pattern));
  }
});

Deno.test("roleMetrics() are text that Prometheus reads, each name once, counters as counters", () => {
  for (const status of [INGEST, FEED, STORE]) {
    const metrics = roleMetrics(status);
    const names = metrics.map(({ name }) => name);
    strictEqual(new Set(names).size, names.length, status.role);
    for (const { name, type } of metrics) {
      strictEqual(type === "counter", name.endsWith("_total"), name);
      match(name, /^(tandem|process)(_[a-z]+)+$/);
    }
    for (const line of exposition(metrics).trimEnd().split("\n")) {
      match(line, /^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"]*",?)+\})? -?[\d.e+-]+)$/);
    }
  }
  const text = exposition(roleMetrics(STORE));
  match(text, /^tandem_trades_received_total 12$/m);
  match(text, /^tandem_log_behind_messages\{reader="store"\} 2$/m);
  match(text, /^tandem_partitions_held 2$/m);
  match(text, /^tandem_role_info\{role="store",name="first"\} 1$/m);
  match(text, /^process_cpu_seconds_total 0\.25$/m);
});

Deno.test("serveHealth() answers probes, and no page that points its own name here", async () => {
  let status: StoreStatus = STORE;
  strictEqual(serveHealth({ healthPort: null, healthHost: "127.0.0.1" }, () => status), null);
  await using server = serveHealth({ healthPort: 0, healthHost: "127.0.0.1" }, () => status)!;
  const get = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${server.url}${path}`, init);
    return [response.status, (await response.text()).trimEnd()];
  };
  deepStrictEqual(await get("/healthz"), [200, "alive"]);
  deepStrictEqual(await get("/readyz"), [200, "ready"]);
  strictEqual((await get("/nothing"))[0], 404);
  strictEqual((await get("/healthz", { method: "POST" }))[0], 405);
  status = { ...STORE, log: { ...LOG, isConnected: false } };
  deepStrictEqual(await get("/readyz"), [
    503,
    'the log "tandem" at 127.0.0.1:4222 cannot be reached',
  ]);
  strictEqual(await firstLine(server.url, "evil.example"), "HTTP/1.1 421 Misdirected Request");
  strictEqual(await firstLine(server.url, "localhost"), "HTTP/1.1 200 OK");
});

Deno.test("ingest --health-port tells how it is", async () => {
  await withIngest({ healthPort: 0 }, async ({ log, until }) => {
    const url = log.map((line) => /^Health and metrics at (\S+)$/.exec(line)?.[1]).find(Boolean);
    const text = async (path: string) => await (await fetch(`${url}${path}`)).text();
    await until("readiness", async () => await text("/readyz") === "ready\n");
    const stored = async () => /^tandem_trades_stored_total (\d+)$/m.exec(await text("/metrics"));
    await until("trades", async () => Number((await stored())?.[1]) > 100);
    ok(/^tandem_streams\{state="live"\} 3$/m.test(await text("/metrics")));
  });
});

/** The first line of an answer to a request that names a host. */
function firstLine(url: string, host: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.once("error", reject);
    socket.once("data", (data: Uint8Array) => {
      socket.destroy();
      resolve(new TextDecoder().decode(data).split("\r\n")[0]!);
    });
    socket.write(`GET /healthz HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  });
}
