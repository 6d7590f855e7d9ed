/** What is believed of a venue's past, asked for over the gateway's own HTTP. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { CcxtHistory } from "../../../lib/feed/ccxt/history.ts";
import { type CcxtInstrument, instrumentsOf } from "../../../lib/feed/ccxt/instruments.ts";
import { TradeNames } from "../../../lib/feed/ccxt/trade_names.ts";
import { readRow } from "../../../lib/feed/ccxt/trade_row.ts";
import { CcxtRest, RestError } from "../../../lib/feed/mod.ts";

const SYMBOL = "venue:BTC/USD";
const START_MS = 1_795_810_000_000;
const instrument: CcxtInstrument = instrumentsOf("venue", [{
  ...{ symbol: "BTC/USD", base: "BTC", quote: "USD", type: "spot", isActive: true },
  ...{ isInverse: null, contractSize: "1", tickSize: "0.1", stepSize: "0.1" },
}])[0]!;

/** Trade k is traded 10 ms after the one before. */
const row = (k: number) => ({
  ...{ id: String(7_000 + k), timeMs: START_MS + 10 * k, symbol: "BTC/USD", side: "buy" },
  ...{ price: String(100 + k), amount: "1" },
});

/** Asks for what was missed between two trades of 1,000; the socket told the last ten. */
async function ask(
  venue: {
    readonly page: number;
    readonly hasSince: boolean;
    readonly change?: (k: number) => object;
  },
  between: readonly [last: number, next: number],
) {
  const all = Array.from({ length: 1_000 }, (_, k) => ({ ...row(k), ...venue.change?.(k) }));
  let questions = 0;
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    questions++;
    const since = new URL(request.url).searchParams.get("since");
    const from = since === null || !venue.hasSince
      ? all.length - venue.page
      : all.findIndex(({ timeMs }) => timeMs >= Number(since));
    return Response.json({ trades: all.slice(from, from + venue.page) });
  });
  const names = new TradeNames();
  const context = { venue: "venue", instrument, names, receivedMs: START_MS + 10_000 };
  const told = (k: number) => {
    const reading = readRow(row(k), { ...context, source: "ws" });
    ok(reading.kind === "trade");
    names.tell(reading.name, reading.trade);
    return reading.trade.tradeId;
  };
  for (let k = 990; k < 1_000; k++) told(k);
  const [last, next] = between.map(told) as [number, number];
  const rest = new CcxtRest("venue", { baseUrl: `http://127.0.0.1:${server.addr.port}` });
  const history = new CcxtHistory(rest, names, () => instrument);
  const missing = { firstId: last + 1, lastId: next - 1, untilId: next - 1 };
  const answers = [];
  for (let k = 0; k < 3; k++) {
    answers.push(await history.ask(SYMBOL, missing, new AbortController().signal));
  }
  return { answers, missing, questions };
}

function pricesOf(answer: unknown): number[] {
  const { items } = answer as { items: { trade: { price: number } }[] };
  return items.map(({ trade }) => trade.price - 100);
}

Deno.test("CcxtHistory.ask() follows a hole through as many answers as it takes", async () => {
  const { answers: [answer], missing } = await ask({ page: 60, hasSince: true }, [300, 990]);
  ok(!(answer instanceof RestError));
  strictEqual(answer!.oldestId, null);
  strictEqual(answer!.untilId, missing.untilId);
  deepStrictEqual(pricesOf(answer), Array.from({ length: 700 }, (_, k) => 300 + k));
});

Deno.test("CcxtHistory.ask() loses what a venue does not give, but for what it gives", async () => {
  const { answers: [answer], missing } = await ask({ page: 60, hasSince: false }, [300, 990]);
  ok(!(answer instanceof RestError));
  ok(answer!.oldestId! > missing.firstId && answer!.oldestId! <= missing.untilId);
  // Of the oldest millisecond it is not known whether it is whole.
  strictEqual(answer!.oldestMs, START_MS + 10 * 940 + 1);
  deepStrictEqual(pricesOf(answer), Array.from({ length: 59 }, (_, k) => 941 + k));
});

Deno.test("CcxtHistory.ask() gives up on a REST that tells other trades than the socket", async () => {
  const otherwise = [
    { change: (k: number) => ({ timeMs: Math.floor(row(k).timeMs / 1_000) * 1_000 }) },
    { change: (k: number) => ({ id: `rest-${row(k).id}x` }) },
    { change: (k: number) => k === 995 ? { amount: "2" } : {} },
  ];
  for (const each of otherwise) {
    const { answers, missing } = await ask({ page: 60, hasSince: true, ...each }, [980, 990]);
    for (const answer of answers.slice(0, 2)) {
      ok(answer instanceof RestError && answer.isTemporary);
      match(answer.message, /REST of venue tells other trades than its socket/);
    }
    const last = answers[2]!;
    ok(!(last instanceof RestError));
    deepStrictEqual([last.items, last.oldestId], [[], missing.untilId + 1]);
  }
});

Deno.test("CcxtHistory.ask() takes rows that cannot be placed for no answer", async () => {
  const late = { change: (k: number) => k === 985 ? { id: "" } : {} };
  const { answers: [garbage] } = await ask({ page: 60, hasSince: true, ...late }, [970, 990]);
  ok(garbage instanceof RestError && garbage.isTemporary);
  match(garbage.message, /cannot be read: a row of venue:BTC\/USD: wrong type/);
});
