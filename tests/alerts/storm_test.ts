import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  type AlertChannel,
  AlertDesk,
  deliverAlerts,
  type DeliveryOutcome,
  type Firing,
  nextAlert,
  readAlertRule,
  UNSEEN,
} from "../../lib/alerts/mod.ts";
import type { Bar } from "../../lib/market/mod.ts";
import { Random } from "../../lib/stats/mod.ts";
import { openReader, openWriter } from "../../lib/store/mod.ts";

const VENUE = "binance-usdm";
const RULES = [
  {
    id: "price",
    watch: "price",
    symbol: "AUSDT",
    interval: "1s",
    above: 101,
    below: 99,
    hysteresis: 0.4,
    cooldown: "3s",
  },
  {
    id: "never-twice",
    watch: "price",
    symbol: "BUSDT",
    interval: "1s",
    above: 100,
    cooldown: "0s",
  },
].map((rule) => readAlertRule({ ...rule, channels: ["desk", "second"] }));

function bar(symbol: string, second: number, close: number, complete: boolean): Bar {
  return {
    ...{ venue: VENUE, symbol, intervalMs: 1_000, openTimeMs: second * 1_000 },
    ...{ open: close, high: close, low: close, close, volume: 1, quoteVolume: close },
    ...{ tradeCount: 1, takerBuyVolume: 1, firstTradeId: second, lastTradeId: second },
    ...{ complete, revision: 0 },
  };
}

/** A receiver that fails in every way a receiver does, and remembers what it took. */
function startReceiver(random: Random) {
  const taken: { alertId: string; text: string }[] = [];
  const failures = { count: 0 };
  let isPatient = false;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const body = await request.json();
    const chance = isPatient ? 1 : random.uniform();
    if (chance < 0.3) {
      failures.count++;
      return new Response("not now", { status: chance < 0.15 ? 500 : 503 });
    }
    taken.push({ alertId: request.headers.get("tandem-alert-id")!, text: body.text });
    // It took the message, but the sender never hears of it.
    if (chance < 0.4) return new Response("lost", { status: 502 });
    return new Response("ok");
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/hook`,
    taken,
    failures,
    becomePatient: () => isPatient = true,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function storm(seed: number): void {
  Deno.test(`alerts in a storm of crossings, crashes and failing receivers (seed ${seed})`, async () => {
    const random = new Random(seed);
    const folder = await Deno.makeTempDir();
    const path = `${folder}/tandem.db`;
    await using receiver = startReceiver(random);
    const channel: AlertChannel = {
      ...{ kind: "webhook", url: receiver.url, secret: null, allowPrivate: true },
    };
    const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
    const begin = () => {
      const writer = openWriter(path, { identity });
      for (const symbol of ["AUSDT", "BUSDT"]) writer.register(VENUE, symbol, "aggTrade");
      for (const rule of RULES) writer.alerts.putRule(rule.id, JSON.stringify(rule));
      const reader = openReader(path);
      const desk = new AlertDesk(
        reader,
        writer.alerts.rules().map(({ rule, state }) => (
          { rule: JSON.parse(rule), state: state === null ? null : JSON.parse(state) }
        )),
      );
      return { writer, reader, desk };
    };
    const decide = ({ writer, desk }: ReturnType<typeof begin>, store = true) => {
      const { states, firings } = desk.poll({ exchangeMs: 1_000, lagMs: null });
      if (!store) return;
      writer.alerts.write(
        new Map(states.entries().map(([id, state]) => [id, JSON.stringify(state)])),
        firings,
      );
      desk.stored();
    };
    let ingest = begin();

    const told = async (outcomes: readonly DeliveryOutcome[]) => {
      await Promise.resolve();
      if (random.uniform() < 0.2) throw new Error("the ingest is gone for a moment");
      for (const outcome of outcomes) ingest.writer.alerts.tell(outcome);
    };
    let couriers = 0;
    let problems = 0;
    const send = async (until: () => boolean) => {
      const stop = new AbortController();
      couriers++;
      using reader = openReader(path);
      const running = deliverAlerts({
        ...{ pending: () => reader.alerts.pending(), tell: told, isSimulated: () => true },
        ...{ channels: new Map([["desk", channel], ["second", channel]]), signal: stop.signal },
        ...{ onProblem: () => problems++, pollMs: 1, retryMs: 1 },
      });
      while (!until()) await new Promise((resolve) => setTimeout(resolve, 2));
      stop.abort();
      await running;
    };

    const closes: Record<string, number[]> = { AUSDT: [], BUSDT: [] };
    for (let second = 1; second <= 400; second++) {
      const bars = Object.entries(closes).flatMap(([symbol, series]) => {
        const close = 100 + 0.9 * ((series.at(-1) ?? 100) - 100) + 0.5 * random.normal();
        series.push(close);
        const before = series.at(-2);
        const proven = before === undefined ? [] : [bar(symbol, second - 1, before, true)];
        return [...proven, bar(symbol, second, close, false)];
      });
      ingest.writer.write({ bars });
      const chance = random.uniform();
      if (chance < 0.5) decide(ingest);
      if (chance < 0.1) {
        // Decided, and killed before it could be stored.
        decide(ingest, false);
        ingest.writer[Symbol.dispose]();
        ingest.reader[Symbol.dispose]();
        ingest = begin();
      }
      if (second % 80 === 0) {
        const before = receiver.taken.length;
        await send(() => receiver.taken.length >= before + 3 || noneLeft());
      }
    }
    function noneLeft(): boolean {
      return ingest.writer.alerts.pending().length === 0;
    }
    decide(ingest);
    receiver.becomePatient();
    await send(noneLeft);

    const expected = RULES.flatMap((rule) => {
      const symbol = "symbol" in rule.condition ? rule.condition.symbol : "";
      let state = UNSEEN;
      return closes[symbol]!.slice(0, -1).flatMap((value, k) => {
        const seen = { timeMs: (k + 2) * 1_000, value, gate: null, caveat: null };
        const next = nextAlert(state, seen, rule);
        state = next.state;
        return next.crossings.map((c) => `${rule.id} ${c.side} ${c.timeMs}`);
      });
    });
    const history = ingest.writer.alerts.history();
    const keys = history.map((a: Omit<Firing, "channels">) => `${a.ruleId} ${a.side} ${a.timeMs}`);
    strictEqual(new Set(keys).size, keys.length);
    deepStrictEqual(keys.sort(), expected.sort());
    ok(keys.length > 20 && couriers >= 3 && receiver.failures.count > 0 && problems > 0);
    for (const alert of history) {
      deepStrictEqual(alert.deliveries.map((d) => d.state), ["delivered", "delivered"]);
      const copies = receiver.taken.filter((t) => t.alertId === String(alert.alertId));
      ok(copies.length >= 2, `alert ${alert.alertId} was taken ${copies.length} times`);
      ok(copies.every((c) => c.text.startsWith("SIMULATED: price of ")));
    }
    ingest.reader[Symbol.dispose]();
    ingest.writer[Symbol.dispose]();
    await Deno.remove(folder, { recursive: true });
  });
}

for (const seed of [1, 2, 3]) storm(seed);
