/** Feeds whose live trades go past a gap, over real sockets. */
import { deepStrictEqual, ok } from "node:assert/strict";
import type { Gap } from "../../lib/market/mod.ts";
import { timeOf } from "./support/venue.ts";
import { range, withOneSymbol } from "./support/with_one_symbol.ts";

function openGap(firstMissingId: number, lastMissingId: number): Gap {
  return {
    ...{ venue: "binance-usdm", symbol: "BTCUSDT", firstMissingId, lastMissingId },
    ...{ openedAtMs: timeOf(lastMissingId + 1), closedAtMs: null, state: "open" },
  };
}

Deno.test("binanceFeed() goes on with the repair of open gaps before any trade comes", async () => {
  const gaps = [openGap(3, 4), openGap(8, 9), openGap(11, 12)];
  const options = { lastIds: new Map([["BTCUSDT", 10]]), openGaps: () => gaps };
  await withOneSymbol(
    options,
    (venue) => venue.keep("BTCUSDT", ...range(1, 12)),
    async (venue, r) => {
      await r.until("the repair", () => r.count("trade") === 6);
      deepStrictEqual(r.ids("BTCUSDT"), [11, 12, 3, 4, 8, 9]);
      deepStrictEqual(r.gaps, ["11-12 repaired", "3-4 repaired", "8-9 repaired"]);
      // One question for what comes next, one for all that came before.
      deepStrictEqual(venue.queries.map((q) => [q.get("fromId"), q.get("limit")]), [
        ...[["11", "2"], ["3", "7"]],
      ]);
      venue.trade("BTCUSDT", 13);
      await r.until("the next trade", () => r.ids("BTCUSDT").includes(13));
      deepStrictEqual(r.gaps.length, 3);
    },
  );
});

Deno.test("binanceFeed() goes past a gap after holdMs of exchange time and closes bars", async () => {
  const refuse = () => Response.json({ code: 0, msg: "busy" }, { status: 503 });
  await withOneSymbol({ holdMs: 1_000, graceMs: 0 }, () => {}, async (venue, r, feed) => {
    venue.trade("BTCUSDT", 1);
    await r.until("the first trade", () => r.count("trade") === 1);
    venue.onRest = (url) => url.pathname.endsWith("/aggTrades") ? refuse() : null;
    venue.keep("BTCUSDT", 2, 3);
    // 50 ms apart: the gap opens with 4, at the time of 24 it has held for 1 s.
    venue.trade("BTCUSDT", ...range(4, 23));
    await r.until("a refusal", () => r.messages("notice").length > 0);
    deepStrictEqual(r.ids("BTCUSDT"), [1]);
    venue.trade("BTCUSDT", ...range(24, 60));
    await r.until("the live trades", () => r.count("trade") === 58);
    deepStrictEqual(r.ids("BTCUSDT"), [1, ...range(4, 60)]);
    ok(!feed.health().streams.get("BTCUSDT")!.isWhole);
    await r.until(
      "a watermark",
      () => r.events.some((e) => e.kind === "watermark" && e.timeMs >= timeOf(55)),
    );
    venue.onRest = () => null;
    await r.until("the repair", () => r.count("trade") === 60);
    deepStrictEqual(r.ids("BTCUSDT").slice(-2), [2, 3]);
    deepStrictEqual(r.gaps, ["2-3 open", "2-3 repaired"]);
    ok(feed.health().streams.get("BTCUSDT")!.isWhole);
  });
});

Deno.test("binanceFeed() repairs new gaps at once while REST leaves out an id of an older one", async () => {
  await withOneSymbol({ holdMs: 100, random: () => 1 }, () => {}, async (venue, r) => {
    venue.trade("BTCUSDT", 1);
    // 2 is nowhere; each question for it is followed by a longer pause.
    venue.trade("BTCUSDT", ...range(3, 20));
    venue.history.set("BTCUSDT", venue.history.get("BTCUSDT")!.filter((row) => row.a !== 2));
    await r.until("the live trades", () => r.ids("BTCUSDT").includes(20));
    for (let id = 22; id < 60; id += 2) {
      venue.keep("BTCUSDT", id - 1);
      venue.trade("BTCUSDT", id);
      await r.until("the repair", () => r.gaps.includes(`${id - 1}-${id - 1} repaired`));
    }
    deepStrictEqual(r.ids("BTCUSDT"), [1, ...range(3, 58)]);
  });
});

Deno.test("binanceFeed() remembers the gaps of a symbol that is removed and comes back", async () => {
  const refuse = () => Response.json({ code: 0, msg: "busy" }, { status: 503 });
  await withOneSymbol({ holdCapacity: 0 }, () => {}, async (venue, r, feed) => {
    venue.onRest = (url) => url.pathname.endsWith("/aggTrades") ? refuse() : null;
    venue.trade("BTCUSDT", 1);
    venue.keep("BTCUSDT", 2, 3);
    venue.trade("BTCUSDT", 4);
    await r.until("the trades", () => r.count("trade") === 2);
    feed.remove(["BTCUSDT"]);
    await r.until("the end", () => !venue.names.has("btcusdt@aggTrade"));
    venue.onRest = () => null;
    feed.add(["BTCUSDT"]);
    await r.until("the repair", () => r.count("trade") === 4);
    deepStrictEqual(r.ids("BTCUSDT"), [1, 4, 2, 3]);
    deepStrictEqual(r.gaps, ["2-3 open", "2-3 repaired"]);
  });
});

Deno.test("binanceFeed() asks for a gap that it left at the end of a chain and that has grown since", async () => {
  const refuse = () => Response.json({ code: 0, msg: "busy" }, { status: 503 });
  let gaps = [openGap(2, 2)];
  const options = {
    ...{ symbols: ["BTCUSDT", "ETHUSDT"], holdMs: 1_000 },
    ...{ lastIds: new Map([["BTCUSDT", 1]]), openGaps: () => gaps },
  };
  await withOneSymbol(options, () => {}, async (venue, r, feed) => {
    venue.onRest = (url) => url.pathname.endsWith("/aggTrades") ? refuse() : null;
    venue.keep("BTCUSDT", 1, 2, 3, 4);
    await r.until("the other subscription", () => venue.names.has("ethusdt@aggTrade"));
    // So late that 2 has held the symbol up for too long: the chain goes on after it.
    venue.trade("ETHUSDT", 100);
    await r.until("the other trade", () => r.count("trade") === 1);
    venue.trade("BTCUSDT", 5);
    await r.until("the gap", () => r.gaps.length === 1);
    deepStrictEqual(r.gaps, ["3-4 open"]);
    feed.remove(["BTCUSDT"]);
    // What a store makes of both, as no trade after 1 was delivered.
    gaps = [openGap(2, 4)];
    venue.onRest = () => null;
    feed.add(["BTCUSDT"]);
    await r.until("the repair", () => r.gaps.includes("2-4 repaired"));
    deepStrictEqual(r.ids("BTCUSDT"), [2, 3, 4]);
  });
});
