import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { proxyOf, useProxy } from "../../lib/apps/proxy.ts";
import { startExchange } from "../../lib/exchange/mod.ts";
import { openReader } from "../../lib/store/mod.ts";
import { runIn, startIn, until } from "../support/programs.ts";
import { withFolder } from "../store/support/days.ts";
import { makeCertificate, startProxy, startTls } from "./support/proxy.ts";

const environment = (...entries: [string, string][]) => new Map(entries);

Deno.test("useProxy() leaves an environment without a proxy alone", () => {
  const env = environment(["HOME", "/root"]);
  useProxy(null, env);
  deepStrictEqual([...env], [["HOME", "/root"]]);
  strictEqual(proxyOf(env), null);
});

Deno.test("useProxy() never leads what is on this machine through a proxy", () => {
  const env = environment(["https_proxy", "http://proxy:3128"], ["NO_PROXY", "intern.example"]);
  useProxy(null, env);
  const direct = "intern.example,127.0.0.1,localhost,::1";
  deepStrictEqual([env.get("NO_PROXY"), env.get("no_proxy")], [direct, direct]);
});

Deno.test("useProxy() prefers the proxy that is given, and its password is not told", () => {
  const env = environment(["https_proxy", "http://other:1"], ["HTTPS_PROXY", "http://other:2"]);
  useProxy("http://me:secret@proxy:3128", env);
  for (const name of ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"]) {
    strictEqual(env.get(name), "http://me:secret@proxy:3128");
  }
  strictEqual(proxyOf(env), "http://me:***@proxy:3128");
});

Deno.test(
  "ingest --proxy reaches REST and sockets of the exchange through a proxy, and nothing else",
  withFolder(async (database, folder) => {
    const hosts = ["fapi.binance.com", "fstream.binance.com"];
    const certificate = await makeCertificate(folder, hosts);
    if (certificate === null) {
      // deno-lint-ignore no-console -- a skipped test says why
      console.log("skipped: TLS through a proxy, as there is no openssl");
      return;
    }
    await using exchange = await startExchange({
      source: { seed: 4, symbols: 2, ratePerSecond: 100, historyMs: 30_000 },
    });
    await using tls = startTls(certificate, Number(new URL(exchange.restUrl).port));
    await using proxy = startProxy(tls.port);
    const { code, err } = await runIn(
      // The task runner and the launcher ask for newer versions of the runtime on their own.
      { DENO_CERT: certificate.authority, DENO_NO_UPDATE_CHECK: "1" },
      ...["ingest", "BTCUSDT", "--db", database, "--duration", "3s"] as const,
      ...["--proxy", `http://me:secret@127.0.0.1:${proxy.port}`],
    );
    strictEqual(code, 0, err);
    match(err, /Stopped: [1-9]\d* trades stored/);
    using reader = openReader(database);
    const sources = new Set(reader.trades({ symbol: "BTCUSDT" }).map((trade) => trade.source));
    deepStrictEqual([...sources].sort(), ["rest", "ws"]);
    deepStrictEqual(
      [...new Set(proxy.asked)].sort(),
      hosts.map((host) => `CONNECT ${host}:443`),
    );
    deepStrictEqual([...proxy.credentials], ["me:secret"]);
    ok(!err.includes("secret"), err);
  }),
);

Deno.test(
  "a proxy that is down hinders nothing on this machine",
  withFolder(async (database) => {
    const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = closed.addr as Deno.NetAddr;
    closed.close();
    const env = { HTTP_PROXY: `http://127.0.0.1:${port}`, https_proxy: `http://127.0.0.1:${port}` };
    await using exchange = await startExchange({
      source: { seed: 4, symbols: 2, ratePerSecond: 100, historyMs: 1_000 },
    });
    const to = ["--db", database, "--ws-url", exchange.wsUrl, "--rest-url", exchange.restUrl];
    await using ingest = startIn(env, "ingest", "BTCUSDT", ...to);
    await until(() => ingest.err.includes("streams are live"));
    const { code, out, err } = await runIn(env, "status", "--db", database);
    strictEqual(code, 0, err);
    match(out, /BTCUSDT live/);
    const doctor = await runIn(env, "doctor", ...to, "--archive-url", exchange.restUrl);
    match(
      doctor.out,
      new RegExp(`proxy +requests and sockets go through http://127.0.0.1:${port}`),
    );
    match(doctor.out, /ok +\/market/);
    strictEqual(await ingest.stop(), 0);
  }),
);
