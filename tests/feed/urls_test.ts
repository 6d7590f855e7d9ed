import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { controlBatches } from "../../lib/feed/binance/urls.ts";
import { routeOf, socketUrl, streamName } from "../../lib/feed/mod.ts";

Deno.test("routeOf() knows where each stream lives", () => {
  deepStrictEqual(
    (["aggTrade", "markPrice@1s", "trade", "bookTicker"] as const).map(routeOf),
    ["market", "market", "public", "public"],
  );
});

Deno.test("socketUrl() refuses what is no socket address", () => {
  for (const url of ["", "fstream.binance.com", "https://fstream.binance.com", "wss://x/?a=b"]) {
    throws(() => socketUrl(url, "market"), {
      name: "TypeError",
      message: /^Cannot connect as "wsUrl"/,
    });
  }
});

Deno.test("streamName() lowers ASCII letters only", () => {
  strictEqual(streamName("BTCUSDT_260327", "trade"), "btcusdt_260327@trade");
  strictEqual(streamName("\u0130\u00c4USDT", "trade"), "\u0130\u00c4usdt@trade");
});

Deno.test("controlBatches() keeps every name in order within 200 names and 4 kB", () => {
  strictEqual(controlBatches([]).length, 0);
  const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(fc.array(name, { maxLength: 600 }), (names) => {
      const batches = controlBatches(names);
      deepStrictEqual(batches.flat(), names);
      for (const params of batches) {
        ok(params.length >= 1 && params.length <= 200);
        const plain = params.map((p) => p.replace(/["\\\\]|[^ -\u{10ffff}]/gu, "_"));
        const frame = JSON.stringify({ method: "UNSUBSCRIBE", params: plain, id: 999_999 });
        ok(new TextEncoder().encode(frame).length <= 4_096);
      }
    }),
  );
});
