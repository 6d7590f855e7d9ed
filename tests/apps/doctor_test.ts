import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import {
  examineArchive,
  examineClock,
  examineWeight,
} from "../../lib/apps/doctor/examine_exchange.ts";
import { examineCcxt } from "../../lib/apps/doctor/examine_ccxt.ts";
import { examineRoute } from "../../lib/apps/doctor/examine_route.ts";
import { examineDatabase, examineLease } from "../../lib/apps/doctor/examine_store.ts";
import { startExchange } from "../../lib/exchange/mod.ts";
import { ccxtVenue, VENUES } from "../../lib/market/mod.ts";
import { openWriter } from "../../lib/store/mod.ts";
import { run } from "../support/programs.ts";

const signal = new AbortController().signal;
const STEP_MS = 400;

/** A real socket server that answers each message as told. */
async function withServer(
  answers: (message: { id: number; params: string[] }) => string[],
  body: (url: string) => Promise<void>,
): Promise<void> {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const { socket, response } = Deno.upgradeWebSocket(request);
    socket.onmessage = ({ data }) => {
      for (const text of answers(JSON.parse(data))) socket.send(text);
    };
    return response;
  });
  try {
    await body(`ws://127.0.0.1:${server.addr.port}`);
  } finally {
    await server.shutdown();
  }
}

Deno.test("examineRoute() waits for data on both routes", async () => {
  await using exchange = await startExchange({
    source: { seed: 1, symbols: ["BTCUSDT"], ratePerSecond: 100 },
  });
  for (const kind of ["aggTrade", "trade"] as const) {
    const { state, finding } = await examineRoute(kind, exchange.wsUrl, signal);
    strictEqual(state, "ok", finding);
    match(finding, /first trade of BTCUSDT after \d+ ms/);
  }
});

Deno.test("examineRoute() tells an acknowledged stream that stays silent from one that works", async () => {
  await withServer(({ id }) => [JSON.stringify({ result: null, id })], async (url) => {
    const { state, finding } = await examineRoute("aggTrade", url, signal, STEP_MS);
    deepStrictEqual([state, finding.slice(0, 23)], ["fail", "acknowledged but silent"]);
  });
  await withServer(() => [], async (url) => {
    const { finding } = await examineRoute("aggTrade", url, signal, STEP_MS);
    match(finding, /not even acknowledged/);
  });
  await withServer(({ id, params }) => [
    JSON.stringify({ result: null, id }),
    JSON.stringify({ stream: params[1], data: {} }),
  ], async (url) => {
    const { state, finding } = await examineRoute("trade", url, signal, STEP_MS);
    strictEqual(state, "fail");
    match(finding, /btcusdt@bookTicker delivers, btcusdt@trade does not.*--stream aggTrade/);
  });
  const { finding } = await examineRoute("trade", "ws://127.0.0.1:1", signal, STEP_MS);
  match(finding, /cannot be connected to.*check the network/);
});

Deno.test("examineClock(), examineWeight() and examineArchive() say what they found", async () => {
  await using exchange = await startExchange({
    source: { seed: 1, symbols: ["BTCUSDT"], startMs: Date.now() - 5_000 },
  });
  const clock = await examineClock(exchange.restUrl, signal);
  strictEqual(clock.state, "note");
  match(clock.finding, /the local clock is (4|5)\d{3} ms ahead/);
  match((await examineWeight(exchange.restUrl, signal)).finding, /^\d+ of 2400 used/);
  const archive = await examineArchive(exchange.restUrl, signal);
  strictEqual(archive.state, "note");
  match(archive.finding, /answers 404/);
  strictEqual((await examineClock("http://127.0.0.1:1", signal)).state, "fail");
});

Deno.test("examineCcxt() asks whether the gateway gives the venues that are reached through it", async () => {
  const venues = [...VENUES, ccxtVenue("kraken"), ccxtVenue("luno")];
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    ({ url }) =>
      url.endsWith("/kraken/time")
        ? Response.json({ timeMs: 1_795_810_402_844 })
        : Response.json({ error: "the venue does not tell its time" }, { status: 501 }),
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  for (const { state, finding } of await Promise.all(examineCcxt(venues, url, signal))) {
    strictEqual(state, "ok");
    match(finding, /gives (kraken|luno), which answers in \d+ ms$/);
  }
  await server.shutdown();
  const [none, ...others] = await Promise.all(examineCcxt(venues, url, signal));
  strictEqual(others.length, 1);
  strictEqual(none!.state, "note");
  match(none!.finding, /Nothing answers at .*: start it with "deno task ccxt kraken"/);
});

Deno.test("examineDatabase() and examineLease() tell of lost gaps and of who writes", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/tandem.db`;
    strictEqual(examineDatabase(path).state, "note");
    {
      using writer = openWriter(path, {
        identity: { pid: 1, host: "here", startedAtMs: Date.now(), simulated: true },
      });
      writer.register("binance-usdm", "BTCUSDT", "aggTrade");
      writer.write({
        gaps: [{
          ...{ venue: "binance-usdm", symbol: "BTCUSDT", firstMissingId: 1, lastMissingId: 2 },
          ...{ openedAtMs: 1, closedAtMs: 2, state: "lost" },
        }],
        quality: [{ venue: "binance-usdm", symbol: "BTCUSDT", received: 1 }],
      });
      match(examineDatabase(path).finding, /1 gap lost: "deno task backfill --gaps"/);
      match((await examineLease(path)).finding, /writes the database and cannot be asked/);
      writer.heartbeat(Date.now() - 60_000);
      match((await examineLease(path)).finding, /it hangs/);
    }
    strictEqual((await examineLease(path)).finding, "nobody writes the database");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("doctor prints a line for each check, also as JSON, and fails where something does", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await using exchange = await startExchange({
      source: { seed: 1, symbols: ["BTCUSDT"], ratePerSecond: 100 },
    });
    const args = [
      ...["--db", `${folder}/tandem.db`, "--ws-url", exchange.wsUrl],
      ...["--rest-url", exchange.restUrl, "--archive-url", exchange.restUrl],
    ];
    const { out } = await run("doctor", "--json", ...args);
    const results: { subject: string; state: string }[] = JSON.parse(out);
    const subjects = results.map((r) => r.subject);
    for (
      const subject of ["runtime", "disk", "database", "lease", "weight", "/market", "/public"]
    ) {
      ok(subjects.includes(subject), subject);
    }
    ok(results.filter((r) => r.subject.startsWith("/")).every((r) => r.state === "ok"), out);
    const gone = await run("doctor", ...args, "--ws-url", "ws://127.0.0.1:1");
    strictEqual(gone.code, 1);
    match(gone.out, /FAIL {2}\/market/);
    match(gone.err, /Found \d problems?: .*\/market/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
