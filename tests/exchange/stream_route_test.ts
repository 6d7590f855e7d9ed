import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { socketRequest, streamClass } from "../../lib/exchange/stream_route.ts";

Deno.test("streamClass() puts the book and single trades on /public, the rest on /market", () => {
  for (
    const stream of [
      "btcusdt@trade",
      "btcusdt@bookTicker",
      "!bookTicker",
      "btcusdt@depth",
      "btcusdt@depth20",
      "btcusdt@depth5@100ms",
      "btcusdt@depth@0ms",
      "btcusdt@rpiDepth@500ms",
    ]
  ) strictEqual(streamClass(stream), "public", stream);
  for (
    const stream of [
      "btcusdt@aggTrade",
      "btcusdt@kline_1m",
      "btcusdt@markPrice",
      "btcusdt@markPrice@1s",
      "!markPrice@arr@1s",
      "btcusdt@ticker",
      "!miniTicker@arr",
      "btcusdt@forceOrder",
    ]
  ) strictEqual(streamClass(stream), "market", stream);
});

Deno.test("socketRequest() reads route, framing and streams from the path", () => {
  const read = (path: string) => socketRequest(new URL(path, "ws://127.0.0.1:1"));
  deepStrictEqual(read("/market/stream?streams=a@aggTrade/b@aggTrade"), {
    route: "market",
    combined: true,
    streams: ["a@aggTrade", "b@aggTrade"],
  });
  deepStrictEqual(read("/public/ws/a@trade/b@trade"), {
    route: "public",
    combined: false,
    streams: ["a@trade", "b@trade"],
  });
  for (const path of ["/market/stream", "/market/stream?streams=", "/market/stream/"]) {
    deepStrictEqual(read(path), { route: "market", combined: true, streams: [] });
  }
  deepStrictEqual(read("/ws"), { route: "legacy", combined: false, streams: [] });
  deepStrictEqual(read("/stream?streams=a@trade"), {
    route: "legacy",
    combined: true,
    streams: ["a@trade"],
  });
  deepStrictEqual(read(`/market/ws/${encodeURIComponent("币安人生usdt@aggTrade")}`)?.streams, [
    "币安人生usdt@aggTrade",
  ]);
});

Deno.test("socketRequest() knows no other path", () => {
  for (
    const path of [
      "/",
      "/market",
      "/private/ws",
      "/market/wsx",
      "/fapi/v1/time",
      "/streams",
      "/ws/%E5%zz",
    ]
  ) {
    strictEqual(socketRequest(new URL(path, "ws://127.0.0.1:1")), null, path);
  }
});
