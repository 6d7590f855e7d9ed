import { deepStrictEqual, match, ok, rejects, strictEqual, throws } from "node:assert/strict";
import {
  type Exchange,
  FAULT_KINDS,
  type FaultKind,
  type FaultPlan,
  parseFaultPlan,
  type RandomFaults,
  randomFaults,
  startExchange,
} from "tandem/exchange";
import { eventually, standstill } from "./support/socket.ts";

interface Faulty extends AsyncDisposable {
  readonly exchange: Exchange;
  readonly faults: RandomFaults;
  readonly texts: string[];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  readonly socket: WebSocket;
  ids(): number[];
}

/** A client of one stream at an exchange with faults. */
async function faulty(plan: FaultPlan | string, stream = "btcusdt@aggTrade"): Promise<Faulty> {
  const faults = randomFaults({ seed: 3, plan });
  const source = { seed: 3, symbols: 2, ratePerSecond: 1_500, historyMs: 1_000 };
  const exchange = await startExchange({ source, faults });
  const route = stream.endsWith("@trade") ? "public" : "market";
  const socket = new WebSocket(`${exchange.wsUrl}/${route}/ws/${stream}`);
  const texts: string[] = [];
  socket.onmessage = ({ data }) => texts.push(data);
  const closed = new Promise<CloseEvent>((resolve) => socket.onclose = resolve);
  return {
    exchange,
    faults,
    texts,
    closed,
    socket,
    ids: () => texts.map((text) => Number(/"(?:a|t)":(\d+)/.exec(text)?.[1])),
    async [Symbol.asyncDispose]() {
      socket.close();
      await closed;
      await exchange[Symbol.asyncDispose]();
    },
  };
}

const url = ({ exchange }: Faulty) => `${exchange.restUrl}/fapi/v1/aggTrades?symbol=BTCUSDT`;

Deno.test("parseFaultPlan() reads every fault, lets the last of two count, and says what is wrong", () => {
  const kinds = Object.keys(FAULT_KINDS) as FaultKind[];
  deepStrictEqual(parseFaultPlan(kinds.map((kind) => `${kind}=0.5`).join(",")), {
    rates: Object.fromEntries(kinds.map((kind) => [kind, 0.5])),
  });
  deepStrictEqual(parseFaultPlan(" drop = 0.1 ,drop=1,, lifetime=2m, listing=1s,delisting=1m"), {
    rates: { drop: 1 },
    lifetimeMs: 120_000,
    listingMs: 1_000,
    delistingMs: 60_000,
  });
  deepStrictEqual(parseFaultPlan(""), { rates: {} });
  throws(() => parseFaultPlan("dorp=1"), /"dorp" is not known: choose of drop, policy/);
  throws(() => parseFaultPlan("constructor=1"), RangeError);
  for (const value of ["", "=", "x", "-0.1", "1.1"]) {
    throws(() => parseFaultPlan(`drop=${value}`), /"drop" must be a probability from 0 to 1/);
  }
  throws(() => parseFaultPlan("drop"), /"drop" must be a probability from 0 to 1/);
  throws(() => parseFaultPlan("lifetime=soon"), RangeError);
});

Deno.test("randomFaults() duplicates, reorders and skips, and REST has everything", async () => {
  await using client = await faulty("duplicate=0.1,reorder=0.1,skip=0.1");
  await eventually(() => client.texts.length > 300, "many trades");
  client.faults.isActive = false;
  const ids = client.ids();
  const first = Math.min(...ids);
  const until = Math.max(...ids) - 40;
  const { counts } = client.faults.log;
  ok(ids.length > new Set(ids).size, "some came twice");
  ok(ids.some((id, k) => k > 0 && id < ids[k - 1]! - 1), "some were overtaken");
  const arrived = new Set(ids);
  const missing = client.exchange.aggTrades("BTCUSDT").map((t) => t.tradeId)
    .filter((id) => id >= first && id <= until && !arrived.has(id));
  ok(missing.length > 5 && missing.length <= counts.get("skip")!, `${missing.length} missing`);
  const rows = await (await fetch(`${url(client)}&fromId=${first}&limit=1000`)).json();
  deepStrictEqual(
    rows.map((r: { a: number }) => r.a).slice(0, 200),
    [
      ...Array(200).keys(),
    ].map((k) => first + k),
  );
});

Deno.test("randomFaults() serves trades beside aggregates, whose ids are far apart", async () => {
  await using client = await faulty("vanish=0.0001");
  await eventually(() => client.texts.length > 5, "aggregate");
  const socket = new WebSocket(`${client.exchange.wsUrl}/public/ws/btcusdt@trade`);
  let count = 0;
  socket.onmessage = () => count++;
  await eventually(() => count > 5, "trade");
  const before = client.texts.length;
  await eventually(() => client.texts.length > before + 5, "aggregate after it");
  ok(client.faults.log.vanished("BTCUSDT").size < 1_000);
  const closed = new Promise((resolve) => socket.onclose = resolve);
  socket.close();
  await closed;
});

Deno.test("randomFaults() lets ids vanish from sockets and REST alike", async () => {
  await using client = await faulty("vanish=0.1");
  await eventually(() => client.texts.length > 200, "many trades");
  client.faults.isActive = false;
  const ids = client.ids();
  const rows = await (await fetch(`${url(client)}&fromId=${ids[0]}&limit=1000`)).json();
  const told = new Set<number>(rows.map((r: { a: number }) => r.a));
  const vanished = client.faults.log.vanished("BTCUSDT");
  for (let id = ids[0]!; id <= ids.at(-1)!; id++) {
    strictEqual(told.has(id), !vanished.has(id));
    strictEqual(ids.includes(id), !vanished.has(id));
  }
  ok(vanished.size > 5);
});

for (
  const [kind, isSo] of [
    ["corrupt", (text: string) => !isJson(text)],
    ["mistype", (text: string) => isJson(text)],
    ["zero", (text: string) => /"[pq]":"(0|0\.00|-1)"/.test(text)],
    ["unknown", (text: string) => text.includes("laterInvention")],
    ["stranger", (text: string) => /"STRANGERUSDT"|"st":2/.test(text)],
  ] as const
) {
  Deno.test(`randomFaults() sends trades as ${kind} and keeps what it sent`, async () => {
    await using client = await faulty(`${kind}=1`);
    await eventually(() => client.texts.length > 50, "many frames");
    const sent = client.faults.log.corrupt.map((c) => c.text);
    deepStrictEqual(client.texts, sent.slice(0, client.texts.length));
    ok(client.texts.every(isSo));
    ok(client.faults.log.corrupt.every((c) => c.kind === kind && c.symbol === "BTCUSDT"));
  });
}

Deno.test("randomFaults() splits a trade into two messages that are no JSON", async () => {
  await using client = await faulty("split=1");
  await eventually(() => client.texts.length > 50, "many frames");
  const sent = client.faults.log.corrupt.map((c) => c.text);
  deepStrictEqual(client.texts, sent.slice(0, client.texts.length));
  ok(!client.texts.some(isJson));
  strictEqual(JSON.parse(client.texts[0]! + client.texts[1]!).e, "aggTrade");
});

Deno.test("randomFaults() sends giant frames that are trades all the same", async () => {
  await using client = await faulty("giant=0.2");
  await eventually(() => client.texts.length > 50, "many frames");
  ok(client.texts.some((text) => text.length > 250_000));
  const ids = client.texts.map((text) => JSON.parse(text).a);
  deepStrictEqual(ids, ids.map((_, k) => ids[0] + k));
});

Deno.test("randomFaults() sets the clock wrong and right again", async () => {
  await using client = await faulty("jump=0.05");
  const clock = async () =>
    (await (await fetch(`${client.exchange.restUrl}/fapi/v1/time`)).json()).serverTime;
  await eventually(() => (client.faults.log.counts.get("jump") ?? 0) > 5, "some jumps");
  const leads = client.texts.map((text) => JSON.parse(text)).map(({ E, T }) => E - T);
  ok(new Set(leads.map((lead) => Math.round(lead / 10_000))).size > 2, `leads: ${leads}`);
  ok(leads.every((lead) => Math.abs(lead) < 601_000));
  client.faults.isActive = false;
  ok(Math.abs(await clock() - client.exchange.clockMs()) < 5_000);
});

Deno.test("randomFaults() lists and delists symbols, never the first", async () => {
  await using client = await faulty({ rates: {}, listingMs: 100, delistingMs: 150 });
  const { exchange, faults } = client;
  const listings = () => faults.log.counts.get("listing") ?? 0;
  await eventually(() => listings() > 5 && faults.log.counts.has("delisting"), "changes");
  faults.isActive = false;
  const { symbols } = await (await fetch(`${exchange.restUrl}/fapi/v1/exchangeInfo`)).json();
  type Listed = { readonly symbol: string; readonly status: string };
  const trading = symbols.filter((s: Listed) => s.status === "TRADING");
  deepStrictEqual(trading.map((s: Listed) => s.symbol), exchange.symbols);
  strictEqual(symbols.length, 2 + listings());
  strictEqual(symbols.length - trading.length, faults.log.counts.get("delisting"));
  strictEqual(exchange.symbols[0], "BTCUSDT");
  ok(symbols.some((s: Listed) => s.symbol === "新币2USDT"));
});

Deno.test("randomFaults() gives single trades a class that nobody knows", async () => {
  await using client = await faulty("unknown=1", "btcusdt@trade");
  await eventually(() => client.texts.length > 50, "many frames");
  ok(client.texts.every((text) => /"X":"(NA|ADL|LATER_INVENTION)"/.test(text)));
});

Deno.test("randomFaults() closes connections, with 1008 or by age", async () => {
  for (
    const [plan, code, reason] of [
      ["drop=1", 1012, /restart/],
      ["policy=1", 1008, /Too many requests/],
      ["lifetime=1s", 1001, /age/],
    ] as const
  ) {
    await using client = await faulty(plan);
    const end = await client.closed;
    strictEqual(end.code, code);
    match(end.reason, reason);
  }
});

Deno.test("randomFaults() leaves a connection half open", async () => {
  await using client = await faulty("half-open=0.05");
  await eventually(() => client.faults.log.counts.has("half-open"), "a dead connection");
  const count = await standstill(() => client.texts.length, "silence");
  const traded = client.exchange.aggTrades("BTCUSDT").length;
  await eventually(() => client.exchange.aggTrades("BTCUSDT").length > traded + 50, "more trades");
  strictEqual(client.texts.length, count);
  strictEqual(client.socket.readyState, WebSocket.OPEN);
});

Deno.test("randomFaults() stalls a connection and then sends everything", async () => {
  await using client = await faulty("stall=0.02");
  await eventually(() => (client.faults.log.counts.get("stall") ?? 0) > 1, "two stalls");
  client.faults.isActive = false;
  await eventually(() => client.ids().length > 100, "many trades");
  const ids = client.ids();
  deepStrictEqual(ids, ids.map((_, k) => ids[0]! + k));
});

Deno.test("randomFaults() answers control messages late or never, and does what they ask", async () => {
  for (const [plan, answers] of [["late-ack=1", 1], ["no-ack=1", 0]] as const) {
    await using client = await faulty(plan, "");
    await eventually(() => client.socket.readyState === WebSocket.OPEN, "a socket");
    client.socket.send('{"method":"SUBSCRIBE","params":["btcusdt@aggTrade"],"id":1}');
    const isAnswer = (text: string) => text.includes('"result"');
    await eventually(() => client.texts.length > 20, "trades");
    if (answers === 1) await eventually(() => client.texts.some(isAnswer), "an answer");
    strictEqual(client.texts.filter(isAnswer).length, answers);
    ok(!isAnswer(client.texts[0]!), "trades come before the answer");
  }
});

Deno.test("randomFaults() refuses REST requests as the exchange does", async () => {
  for (
    const [plan, statuses, retryAfter] of [
      ["rest-429=1", [429], "1"],
      ["rest-418=1", [418], "1"],
      ["rest-451=1", [451], null],
      ["rest-5xx=1", [502, 503, 408], null],
    ] as const
  ) {
    await using client = await faulty(plan);
    const response = await fetch(url(client));
    await response.text();
    ok((statuses as readonly number[]).includes(response.status), `${plan}: ${response.status}`);
    strictEqual(response.headers.get("retry-after"), retryAfter);
    const info = await fetch(`${client.exchange.restUrl}/fapi/v1/exchangeInfo`);
    strictEqual((await info.json()).symbols.length, 2);
  }
});

Deno.test("randomFaults() damages REST bodies and leaves rows out", async () => {
  {
    await using client = await faulty("rest-truncate=1");
    await rejects(fetch(url(client)).then((r) => r.text()), /body/);
  }
  {
    await using client = await faulty("rest-garble=1");
    strictEqual(isJson(await (await fetch(url(client))).text()), false);
  }
  {
    await using client = await faulty("rest-miss=0.3");
    const rows: { a: number }[] = await (await fetch(url(client))).json();
    const count = rows.at(-1)!.a - rows[0]!.a + 1;
    ok(rows.length < count, `${rows.length} of ${count}`);
  }
  {
    await using client = await faulty("rest-slow=1");
    const pieces = await Array.fromAsync((await fetch(url(client))).body!);
    ok(pieces.length > 2, `${pieces.length} pieces`);
    ok(isJson(await new Blob(pieces).text()), "it is whole in the end");
  }
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
