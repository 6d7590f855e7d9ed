import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { fastTrade } from "../../lib/feed/binance/fast_message.ts";
import { parseAnyFrame, type ParsedFrame, parseFrame } from "../../lib/feed/mod.ts";
import type { StreamKind } from "../../lib/market/mod.ts";
import { dataTest } from "../support/shared.ts";

const AGG_TRADE = '{"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":1791382992488,' +
  '"a":3477868433,"s":"BTCUSDT","p":"83091.70","q":"0.022","nq":"0.022","f":8153634393,' +
  '"l":8153634394,"T":1791382992338,"m":false,"st":1}}';
const TRADE = '{"stream":"ethusdt@trade","data":{"e":"trade","E":1721347202808,' +
  '"T":1721347202808,"s":"ETHUSDT","t":4217898224,"p":"3424.99","q":"0.022","X":"MARKET",' +
  '"m":true}}';
const FRAMES: readonly [StreamKind, string][] = [["aggTrade", AGG_TRADE], ["trade", TRADE]];

/** The forms in which the exchange sends trades now and has sent them before. */
const FORMS: readonly [StreamKind, string][] = [
  ...FRAMES,
  ["aggTrade", changed(AGG_TRADE, { nq: undefined, st: undefined, p: "0.0091700", m: true })],
  ["trade", changed(TRADE, { st: 1, m: false })],
];

/** How many mutants of each form are tried; more by hand. */
const MUTANTS = Number(Deno.env.get("TANDEM_MUTANTS") ?? 8_000);
const SEED = Number(Deno.env.get("TANDEM_SEED") ?? Date.now() % 2 ** 31);

/** A frame with some payload fields replaced; `undefined` removes one. */
function changed(text: string, fields: Record<string, unknown>): string {
  const { stream, data } = JSON.parse(text);
  return JSON.stringify({ stream, data: { ...data, ...fields } });
}

/** What became of a frame, in one word or two. */
function outcome(frame: ParsedFrame): string {
  return frame.kind === "quarantine" ? frame.frame.reason : frame.kind;
}

Deno.test("parseFrame() reads an aggregate trade of today", () => {
  deepStrictEqual(parseFrame(AGG_TRADE, "aggTrade", 5), {
    kind: "trade",
    trade: {
      venue: "binance-usdm",
      symbol: "BTCUSDT",
      tradeId: 3477868433,
      timeMs: 1791382992338,
      price: 83091.7,
      quantity: 0.022,
      takerSide: "buy",
      source: "ws",
    },
    eventTimeMs: 1791382992488,
    receivedMs: 5,
    lastFillId: 8153634394,
  });
});

Deno.test("parseFrame() reads a single trade of 2024, its maker the buyer", () => {
  deepStrictEqual(parseFrame(TRADE, "trade", 5), {
    kind: "trade",
    trade: {
      venue: "binance-usdm",
      symbol: "ETHUSDT",
      tradeId: 4217898224,
      timeMs: 1721347202808,
      price: 3424.99,
      quantity: 0.022,
      takerSide: "sell",
      source: "ws",
    },
    eventTimeMs: 1721347202808,
    receivedMs: 5,
  });
});

Deno.test("parseFrame() tolerates absent newer fields, unknown ones and any field order", () => {
  for (const [kind, text] of FRAMES) {
    const { stream, data } = JSON.parse(text);
    const reversed = Object.fromEntries(Object.entries(data).reverse());
    const variants = [
      changed(text, { nq: undefined, st: undefined }),
      changed(text, { future: { nested: [1] }, st: 3 }),
      JSON.stringify({ data: reversed, stream }),
      JSON.stringify(data),
      JSON.stringify({ stream, data }, null, 2),
    ];
    for (const variant of variants) {
      deepStrictEqual(parseFrame(variant, kind, 5), parseFrame(text, kind, 5), variant);
    }
  }
});

Deno.test("parseFrame() keeps symbols of other scripts", () => {
  const frame = parseFrame(changed(AGG_TRADE, { s: "牛来USDT" }), "aggTrade", 5);
  strictEqual(frame.kind === "trade" && frame.trade.symbol, "牛来USDT");
});

Deno.test("parseFrame() sets a frame aside with the reason", () => {
  const cases: [string, string, Record<string, unknown>][] = [
    ["missing field", "p", { p: undefined }],
    ["missing field", "q", { q: undefined }],
    ["missing field", "T", { T: undefined }],
    ["missing field", "E", { E: undefined }],
    ["missing field", "m", { m: undefined }],
    ["missing field", "s", { s: undefined }],
    ["wrong type", "p is a number", { p: 5 }],
    ["wrong type", "p is null", { p: null }],
    ["wrong type", "p is no decimal", { p: "NaN" }],
    ["wrong type", "p has an exponent", { p: "1e5" }],
    ["wrong type", "p is hexadecimal", { p: "0x10" }],
    ["wrong type", "p is empty", { p: "" }],
    ["wrong type", "p has spaces", { p: " 1" }],
    ["wrong type", "q is Infinity", { q: "Infinity" }],
    ["wrong type", "T has a fraction", { T: 1.5 }],
    ["wrong type", "T is negative", { T: -1 }],
    ["wrong type", "T is in microseconds", { T: 1791382992338000 }],
    ["wrong type", "E is text", { E: "1791382992488" }],
    ["wrong type", "m is text", { m: "true" }],
    ["wrong type", "s is a number", { s: 5 }],
    ["wrong type", "s is empty", { s: "" }],
    ["price not positive", "p is zero", { p: "0" }],
    ["price not positive", "p is zero, written long", { p: "0.00000000" }],
    ["price not positive", "p is negative", { p: "-1.5" }],
    ["price not positive", "p is beyond a double", { p: "9".repeat(400) }],
    ["quantity not positive", "q is zero", { q: "0" }],
    ["quantity not positive", "q is negative", { q: "-0.1" }],
    ["unknown symbol", "the row is of COIN-M", { st: 2 }],
    ["unknown frame", "the event is another", { e: "24hrTicker" }],
    ["unknown frame", "the event is none", { e: undefined }],
  ];
  for (const [kind, text] of FRAMES) {
    for (const [reason, what, fields] of cases) {
      strictEqual(outcome(parseFrame(changed(text, fields), kind, 5)), reason, `${kind}: ${what}`);
    }
  }
});

Deno.test("parseFrame() sets aside what is no frame at all", () => {
  const texts: [string, string][] = [
    ["", "not JSON"],
    ["}{", "not JSON"],
    [AGG_TRADE.slice(0, 100), "not JSON"],
    [AGG_TRADE + AGG_TRADE, "not JSON"],
    ["null", "unknown frame"],
    ["5", "unknown frame"],
    ['"text"', "unknown frame"],
    [`[${AGG_TRADE}]`, "unknown frame"],
    ["{}", "unknown frame"],
    ['{"stream":"btcusdt@aggTrade","data":null}', "unknown frame"],
    ['{"stream":"btcusdt@aggTrade","data":[]}', "unknown frame"],
  ];
  for (const [text, reason] of texts) {
    strictEqual(outcome(parseFrame(text, "aggTrade", 5)), reason, text);
  }
});

Deno.test("parseFrame() keeps symbol, text and time of what it sets aside, and takes no id for it", () => {
  const text = changed(AGG_TRADE, { p: "0", note: "x".repeat(5_000) });
  deepStrictEqual(parseFrame(text, "aggTrade", 5), {
    kind: "quarantine",
    frame: {
      venue: "binance-usdm",
      symbol: "BTCUSDT",
      tradeId: null,
      reason: "price not positive",
      raw: text.slice(0, 2_000),
      receivedMs: 5,
    },
  });
});

Deno.test("parseFrame() takes the id of a row that is no market trade", () => {
  for (const X of ["INSURANCE_FUND", "ADL", "NA", "SOMETHING_NEW"]) {
    const text = changed(TRADE, { X, p: "0", q: "0" });
    const frame = parseFrame(text, "trade", 5);
    ok(frame.kind === "nonMarket");
    strictEqual(frame.tradeId, 4217898224);
    strictEqual(frame.frame.tradeId, 4217898224);
    strictEqual(frame.frame.reason, "not a market trade");
  }
  strictEqual(outcome(parseFrame(changed(TRADE, { X: "NA", t: "7" }), "trade", 5)), "wrong type");
  strictEqual(outcome(parseFrame(changed(TRADE, { X: undefined }), "trade", 5)), "missing field");
});

Deno.test("parseFrame() takes trades of the other kind for unknown frames", () => {
  strictEqual(outcome(parseFrame(TRADE, "aggTrade", 5)), "unknown frame");
  strictEqual(outcome(parseFrame(AGG_TRADE, "trade", 5)), "unknown frame");
});

Deno.test("parseFrame() takes only the event time of other streams", () => {
  const data = { e: "bookTicker", u: 1, s: "BTCUSDT", b: "1", B: "1", a: "2", A: "1", T: 6, E: 7 };
  const frame = parseFrame(JSON.stringify({ stream: "btcusdt@bookTicker", data }), "trade", 5);
  deepStrictEqual(frame, { kind: "time", eventTimeMs: 7 });
});

Deno.test("parseFrame() reads acknowledgements and both forms of errors", () => {
  const cases: [string, unknown][] = [
    ['{"result":null,"id":1}', { kind: "reply", id: 1, error: null }],
    ['{"result":["btcusdt@aggTrade"],"id":3}', { kind: "reply", id: 3, error: null }],
    ['{"error":{"code":4,"msg":"Too many subscriptions"}}', {
      kind: "reply",
      id: null,
      error: { code: 4, message: "Too many subscriptions" },
    }],
    ['{"code":0,"msg":"Unknown property","id":2}', {
      kind: "reply",
      id: 2,
      error: { code: 0, message: "Unknown property" },
    }],
  ];
  for (const [text, reply] of cases) deepStrictEqual(parseFrame(text, "aggTrade", 5), reply);
});

/** Texts near a true frame: characters replaced, removed, inserted, stretches doubled or cut. */
function mutants(text: string): fc.Arbitrary<string> {
  const at = fc.nat(text.length);
  const character = fc.constantFrom(...'0123456789.-+eE"\\{}[]:, \n\0\u00e9tfnulaXMTqpsf@_');
  const digits = fc.array(fc.nat(9), { minLength: 1, maxLength: 20 }).map((all) => all.join(""));
  const mutation = fc.oneof(
    fc.tuple(at, character).map(([i, c]) => (t: string) => t.slice(0, i) + c + t.slice(i + 1)),
    fc.tuple(at, character).map(([i, c]) => (t: string) => t.slice(0, i) + c + t.slice(i)),
    at.map((i) => (t: string) => t.slice(0, i) + t.slice(i + 1)),
    fc.tuple(at, fc.nat(30)).map(([i, n]) => (t: string) => t.slice(0, i + n) + t.slice(i)),
    fc.tuple(at, at).map(([i, j]) => (t: string) => t.slice(0, i) + t.slice(j)),
    fc.tuple(fc.nat(12), digits).map(([n, d]) => (t: string) =>
      t.replace(/\d+/g, (found) => n-- === 0 ? d : found)
    ),
  );
  return fc.array(mutation, { minLength: 1, maxLength: 3 })
    .map((steps) => steps.reduce((t, step) => step(t), text));
}

Deno.test("parseFrame() equals JSON.parse and validation on frames close to true ones", () => {
  for (const [kind, text] of FORMS) {
    fc.assert(
      fc.property(mutants(text), (mutant) => {
        deepStrictEqual(parseFrame(mutant, kind, 5), parseAnyFrame(mutant, kind, 5));
      }),
      { numRuns: MUTANTS, seed: SEED },
    );
  }
});

Deno.test("parseFrame() equals JSON.parse and validation with every single character replaced", () => {
  for (const [kind, text] of FORMS) {
    for (let i = 0; i < text.length; i++) {
      for (const character of '0159.-eE"\\{}[]:, \t\0\u00e9tx') {
        const mutant = text.slice(0, i) + character + text.slice(i + 1);
        deepStrictEqual(parseFrame(mutant, kind, 5), parseAnyFrame(mutant, kind, 5), mutant);
      }
    }
  }
});

Deno.test("fastTrade() reads every form itself, and nothing that goes on or ends too early", () => {
  for (const [kind, text] of FORMS) {
    deepStrictEqual(fastTrade(text, kind, 5), parseAnyFrame(text, kind, 5));
    for (const other of [text.slice(0, -1), `${text}\0`, `${text}\0\0`, `${text}}`, ` ${text}`]) {
      strictEqual(fastTrade(other, kind, 5), null, JSON.stringify(other));
    }
    strictEqual(fastTrade(text.replace(/"s":"/, `$&${"A".repeat(600)}`), kind, 5), null);
    strictEqual(fastTrade(text, kind === "trade" ? "aggTrade" : "trade", 5), null);
  }
});

Deno.test("fastTrade() reads numbers as Number() does", () => {
  const decimals = [
    ...["0.1", "0.3", "1.005", "83091.70", "123456789.123456", "0.000000001", "7", "00.5"],
    ...["999999999.999999", "4503599.62737049", "0.00000057", "100000000.000001"],
  ];
  for (const p of decimals) {
    const frame = fastTrade(changed(AGG_TRADE, { p, q: p, nq: p }), "aggTrade", 5);
    deepStrictEqual([frame?.trade.price, frame?.trade.quantity], [Number(p), Number(p)]);
  }
  for (const a of [1, 999_999_999, 1_000_000_000, 123_456_789_012_345, 999_999_999_999_999]) {
    strictEqual(fastTrade(changed(AGG_TRADE, { a }), "aggTrade", 5)?.trade.tradeId, a);
  }
});

dataTest("parseFrame() reads every captured trade of 2024, ids contiguous", async (folder) => {
  const counts: number[] = [];
  for (const symbol of ["btcusdt", "ethusdt"]) {
    const ids: number[] = [];
    for (const day of ["20240718", "20240719"]) {
      for (const json of await captured(`${folder}/binance-usdm-2024-07/${symbol}_${day}.gz`)) {
        if (!json.includes('@trade"')) continue;
        const frame = parseFrame(json, "trade", 5);
        deepStrictEqual(frame, parseAnyFrame(json, "trade", 5));
        if (frame.kind === "trade") ids.push(frame.trade.tradeId);
      }
    }
    deepStrictEqual(ids, ids.map((_, i) => ids[0]! + i));
    counts.push(ids.length);
  }
  deepStrictEqual(counts, [10_701, 13_655]);
});

/** The frames of a captured file, without the local times before them. */
async function captured(path: string): Promise<string[]> {
  const file = await Deno.open(path);
  const lines = file.readable.pipeThrough(new DecompressionStream("gzip"));
  const text = await new Response(lines).text();
  return text.trimEnd().split("\n").map((line) => line.slice(line.indexOf(" ") + 1));
}
