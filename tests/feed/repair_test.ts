import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { binanceFeed, type BinanceFeedOptions } from "../../lib/feed/mod.ts";
import { Recorder } from "./support/recorder.ts";
import { row, timeOf, Venue } from "./support/venue.ts";
import { range, withOneSymbol } from "./support/with_one_symbol.ts";

/** A feed that has delivered BTCUSDT 1 and then met 1 + `missing` + 1, the missing ids kept for REST. */
function withGap(
  missing: number,
  options: Partial<BinanceFeedOptions>,
  prepare: (venue: Venue) => void,
  body: (venue: Venue, recorder: Recorder) => Promise<void>,
): Promise<void> {
  return withOneSymbol(options, () => {}, async (venue, recorder) => {
    venue.trade("BTCUSDT", 1);
    venue.keep("BTCUSDT", ...range(2, missing + 1));
    prepare(venue);
    venue.trade("BTCUSDT", missing + 2);
    await body(venue, recorder);
  });
}

const queries = (venue: Venue) => venue.queries.map((q) => [q.get("fromId"), q.get("limit")]);

Deno.test("a repair asks page by page for exactly the missing ids", async () => {
  await withGap(2_300, {}, () => {}, async (venue, recorder) => {
    await recorder.until("all trades", () => recorder.count("trade") === 2_302);
    deepStrictEqual(recorder.ids("BTCUSDT"), range(1, 2_302));
    deepStrictEqual(queries(venue), [["2", "1000"], ["1002", "1000"], ["2002", "300"]]);
    deepStrictEqual(recorder.gaps, ["2-2301 open", "2-2301 repaired"]);
  });
});

Deno.test("a repair asks once for several small gaps that lie within a page", async () => {
  await withGap(2, { reorderMs: 200 }, () => {}, async (venue, recorder) => {
    venue.keep("BTCUSDT", 5, 6, 9);
    venue.trade("BTCUSDT", 7, 8, 10);
    await recorder.until("all trades", () => recorder.count("trade") === 10);
    deepStrictEqual(recorder.ids("BTCUSDT"), range(1, 10));
    deepStrictEqual(queries(venue), [["2", "8"]]);
    deepStrictEqual(recorder.trades.map((t) => t.source === "ws" ? t.tradeId : 0), [
      ...[1, 0, 0, 4, 0, 0],
      ...[7, 8, 0, 10],
    ]);
    strictEqual(recorder.count("duplicate"), 0);
  });
});

Deno.test("a repair is not begun when the ids arrive on the socket after all", async () => {
  const late = (venue: Venue) => setTimeout(() => venue.send("BTCUSDT", row(2)), 20);
  await withGap(0, { reorderMs: 300 }, () => {}, async (venue, recorder) => {
    late(venue);
    venue.keep("BTCUSDT", 3);
    venue.trade("BTCUSDT", 4);
    venue.send("BTCUSDT", row(3));
    await recorder.until("all trades", () => recorder.ids("BTCUSDT").includes(4));
    await recorder.until("a wait", () => recorder.count("duplicate") === 1);
    deepStrictEqual(recorder.gaps, ["3-3 open", "3-3 repaired"]);
    strictEqual(venue.queries.length, 0);
  });
});

Deno.test("a repair goes on through faults of the exchange and says so once", async () => {
  let faults = 0;
  const answers = [
    () => Response.json({ code: -1008, msg: "overloaded" }, { status: 503 }),
    () =>
      Response.json({ code: -1003, msg: "slow down" }, {
        status: 429,
        headers: { "retry-after": "0.02" },
      }),
    () => new Response('[{"a":2,"p":"100.'),
    () => Response.json([]),
  ];
  const prepare = (venue: Venue) => {
    venue.onRest = (url) =>
      url.pathname.endsWith("/aggTrades") && faults < answers.length ? answers[faults++]!() : null;
  };
  await withGap(3, {}, prepare, async (_, recorder) => {
    await recorder.until("all trades", () => recorder.count("trade") === 5);
    deepStrictEqual(recorder.ids("BTCUSDT"), range(1, 5));
    strictEqual(faults, 4);
    deepStrictEqual(recorder.gaps, ["2-4 open", "2-4 repaired"]);
    strictEqual(recorder.messages("notice").length, 1);
    match(recorder.messages("notice")[0]!, /^Cannot repair BTCUSDT 2 to 4 yet: .* answered 503/);
  });
});

Deno.test("a repair loses ids that the exchange leaves out again and again, and only those", async () => {
  const prepare = (venue: Venue) => {
    const rows = venue.history.get("BTCUSDT")!;
    venue.history.set("BTCUSDT", rows.filter((r) => ![2, 3, 6].includes(r.a)));
    venue.keep("BTCUSDT", 9);
  };
  await withGap(6, {}, prepare, async (venue, recorder) => {
    await recorder.until("the last trade", () => recorder.ids("BTCUSDT").includes(8));
    // REST told of 9, too, but only what is missing is taken from it.
    venue.send("BTCUSDT", row(9));
    await recorder.until("the next trade", () => recorder.ids("BTCUSDT").includes(9));
    deepStrictEqual(recorder.ids("BTCUSDT"), [1, 4, 5, 7, 8, 9]);
    strictEqual(recorder.trades.at(-1)!.source, "ws");
    deepStrictEqual(recorder.gaps, [
      ...["2-7 open", "2-3 lost", "4-7 open"],
      ...["4-5 repaired", "6-6 lost", "7-7 open", "7-7 repaired"],
    ]);
    // The same eight answers left out all three.
    deepStrictEqual(venue.queries.map((q) => q.get("fromId")), Array(8).fill("2"));
  });
});

Deno.test("a repair loses what is older than the exchange's history and fetches the rest", async () => {
  const oldest = 5;
  const prepare = (venue: Venue) => {
    venue.timeMs = timeOf(oldest) + 48 * 3_600_000 - 120_000;
    venue.onRest = (url) => {
      const fromId = url.searchParams.get("fromId");
      if (fromId === null || Number(fromId) >= oldest) return null;
      const msg = "Search window is restricted to recent 2 days only.";
      return Response.json({ code: -4166, msg }, { status: 400 });
    };
  };
  await withGap(6, {}, prepare, async (_, recorder) => {
    await recorder.until("the last trade", () => recorder.ids("BTCUSDT").includes(8));
    deepStrictEqual(recorder.ids("BTCUSDT"), [1, 5, 6, 7, 8]);
    deepStrictEqual(recorder.gaps, ["2-7 open", "2-4 lost", "5-7 open", "5-7 repaired"]);
    deepStrictEqual(recorder.messages("notice"), [
      "BTCUSDT 2 to 4: older than the 48 hours that REST gives; the daily archive may have them, see " +
      "backfill --gaps",
    ]);
  });
});

Deno.test("a repair never loses ids that the exchange does not know yet", async () => {
  let empty = 0;
  const prepare = (venue: Venue) => {
    venue.onRest = (url) =>
      url.pathname.endsWith("/aggTrades") && empty++ < 20 ? Response.json([]) : null;
  };
  await withGap(2, {}, prepare, async (_, recorder) => {
    await recorder.until("all trades", () => recorder.count("trade") === 4);
    deepStrictEqual(recorder.gaps, ["2-3 open", "2-3 repaired"]);
    match(recorder.messages("notice")[0]!, /^The exchange does not return BTCUSDT 2 to 3 yet$/);
  });
});

Deno.test("live trades go past a gap where there is no room to hold them, and it is repaired", async () => {
  await withGap(3, { holdCapacity: 2 }, (venue) => {
    venue.onRest = () => Response.json({ code: 0, msg: "busy" }, { status: 503 });
  }, async (venue, recorder) => {
    venue.trade("BTCUSDT", ...range(6, 40));
    await recorder.until("the live trades", () => recorder.count("trade") === 37);
    await recorder.until("a refusal", () => recorder.messages("notice").length > 0);
    venue.onRest = () => null;
    await recorder.until("all trades", () => recorder.count("trade") === 40);
    deepStrictEqual(recorder.ids("BTCUSDT"), [1, ...range(5, 40), 2, 3, 4]);
    strictEqual(recorder.count("duplicate"), 0);
    deepStrictEqual(recorder.gaps, ["2-4 open", "2-4 repaired"]);
  });
});

Deno.test("a repair sets a row aside that differs from the trade that came on the socket", async () => {
  const prepare = (venue: Venue) => {
    venue.onRest = (url) =>
      url.pathname.endsWith("/aggTrades")
        ? Response.json([row(2), row(3), row(4, { p: "55.00" }), row(5), row(6)])
        : null;
  };
  await withGap(5, { reorderMs: 100 }, prepare, async (venue, recorder) => {
    venue.send("BTCUSDT", row(4));
    await recorder.until("all trades", () => recorder.ids("BTCUSDT").includes(7));
    deepStrictEqual(recorder.ids("BTCUSDT"), range(1, 7));
    strictEqual(recorder.trades[3]!.price, 100.04);
    deepStrictEqual(recorder.quarantine, ["conflicting duplicate"]);
    deepStrictEqual(recorder.gaps, ["2-6 open", "2-6 repaired"]);
  });
});

Deno.test("repairs of several symbols go on side by side, and end with a symbol's removal", async () => {
  await using venue = new Venue();
  const controller = new AbortController();
  const { wsUrl, restUrl } = venue;
  const symbols = range(1, 12).map((i) => `S${i}USDT`);
  const lastIds = new Map(symbols.map((symbol) => [symbol, 1]));
  const feed = binanceFeed({
    symbols,
    wsUrl,
    restUrl,
    lastIds,
    signal: controller.signal,
    reorderMs: 0,
    random: () => 0,
  });
  const recorder = new Recorder(feed);
  await recorder.until("the subscriptions", () => venue.names.size === 13);
  const stuck = "S1USDT";
  venue.onRest = (url) =>
    url.searchParams.get("symbol") === stuck
      ? Response.json({ code: -1121, msg: "Invalid symbol." }, { status: 400 })
      : null;
  for (const symbol of symbols) {
    venue.keep(symbol, 2, 3);
    venue.trade(symbol, 4);
  }
  await recorder.until("the others", () => recorder.count("trade") === 33);
  for (const symbol of symbols.slice(1)) deepStrictEqual(recorder.ids(symbol), [2, 3, 4]);
  await recorder.until("the refusal", () => recorder.messages("notice").length === 1);
  feed.remove([stuck]);
  venue.onRest = () => null;
  feed.add([stuck]);
  await recorder.until("a new subscription", () => venue.names.has("s1usdt@aggTrade"));
  venue.trade(stuck, 5);
  await recorder.until("its trades", () => recorder.ids(stuck).length === 4);
  deepStrictEqual(recorder.ids(stuck), [2, 3, 4, 5]);
  controller.abort();
  await recorder.ended;
});
