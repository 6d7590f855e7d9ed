import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import type { QuarantinedFrame, QuarantineReason } from "../../lib/market/mod.ts";
import { openReader, openWriter } from "../../lib/store/mod.ts";
import { KEPT_FRAMES } from "../../lib/store/quarantine_insert.ts";
import { storeTest } from "./support/stores.ts";

const VENUE = "binance-usdm";
const identity = { pid: 7, host: "here", startedAtMs: 1_000, simulated: false };

function frame(
  k: number,
  reason: QuarantineReason = "not JSON",
  tradeId: number | null = null,
  symbol: string | null = tradeId === null ? null : "BTCUSDT",
): QuarantinedFrame {
  return { venue: VENUE, symbol, tradeId, reason, raw: `frame ${k}`, receivedMs: k };
}

function withWriter(body: (path: string) => void): () => void {
  return () => {
    const folder = Deno.makeTempDirSync();
    try {
      body(`${folder}/tandem.db`);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  };
}

storeTest(
  "StoreWriter.write() counts a flood of garbage exactly and keeps the newest of each reason",
  (path) => {
    const flood = 20 * KEPT_FRAMES;
    {
      using writer = openWriter(path, { identity });
      writer.register(VENUE, "BTCUSDT", "trade");
      writer.write({ quarantined: [frame(0, "unknown frame")] });
      let k = 0;
      // Batches smaller and larger than what is kept.
      for (const size of [1, 700, KEPT_FRAMES, 3 * KEPT_FRAMES, 5, flood]) {
        const frames = Array.from({ length: Math.min(size, flood - k) }, () => frame(k++));
        writer.write({ quarantined: frames });
      }
      strictEqual(k, flood);
    }
    using reader = openReader(path);
    deepStrictEqual(reader.quarantineCounts(), [
      { symbol: null, reason: "not JSON", frames: flood, lastReceivedMs: flood - 1 },
      { symbol: null, reason: "unknown frame", frames: 1, lastReceivedMs: 0 },
    ]);
    const kept = reader.quarantine(1e9).filter((q) => q.reason === "not JSON");
    ok(kept.length >= KEPT_FRAMES && kept.length < 1.5 * KEPT_FRAMES, `${kept.length} kept`);
    deepStrictEqual(
      kept.slice(0, KEPT_FRAMES).map((q) => q.raw),
      Array.from({ length: KEPT_FRAMES }, (_, k) => `frame ${flood - 1 - k}`),
    );
    strictEqual(reader.quarantine(1e9).filter((q) => q.reason === "unknown frame").length, 1);
  },
);

storeTest(
  "StoreWriter.write() never forgets an id that was set aside, be its text no longer kept",
  (path) => {
    const count = 2 * KEPT_FRAMES;
    const ids = Array.from({ length: count }, (_, k) => 100 + 2 * k);
    {
      using writer = openWriter(path, { identity });
      writer.register(VENUE, "BTCUSDT", "trade");
      const frames = ids.map((id, k) => frame(k, "not a market trade", id));
      for (let k = 0; k < count; k += 900) writer.write({ quarantined: frames.slice(k, k + 900) });
      // The same again: a restart meets ids that were set aside before.
      writer.write({ quarantined: frames.slice(0, 500) });
      deepStrictEqual(writer.quarantinedIds("BTCUSDT", 0, 1e9), ids);
      ok(writer.isKnown("BTCUSDT", ids[0]!));
    }
    using reader = openReader(path);
    deepStrictEqual(reader.quarantinedIds("BTCUSDT"), ids);
    deepStrictEqual(reader.quarantineCounts().map((c) => [c.symbol, c.frames]), [
      ["BTCUSDT", count],
    ]);
    strictEqual(reader.quality()[0]?.quarantined, count);
    ok(reader.quarantine(1e9).length < 1.5 * KEPT_FRAMES);
  },
);

Deno.test(
  "v_quality tells each reason, and frames of no symbol in a row of their own",
  withWriter((path) => {
    using writer = openWriter(path, { identity });
    writer.register(VENUE, "BTCUSDT", "trade");
    writer.register(VENUE, "ETHUSDT", "trade");
    writer.write({
      quarantined: [
        frame(1, "wrong type", 5),
        frame(2, "wrong type", 6),
        frame(3, "not a market trade", 7),
        frame(4),
        frame(5, "unknown symbol", 9, "STRANGERUSDT"),
      ],
      quality: [{ venue: VENUE, symbol: "ETHUSDT", received: 1 }],
    });
    const db = new DatabaseSync(path, { readOnly: true });
    const rows = db.prepare(
      "SELECT symbol, quarantined, quarantined_by_reason AS by FROM v_quality ORDER BY symbol",
    ).all();
    deepStrictEqual(rows.map((r) => [r.symbol, r.quarantined, JSON.parse(String(r.by))]), [
      [null, 2, { "not JSON": 1, "unknown symbol": 1 }],
      ["BTCUSDT", 3, { "not a market trade": 1, "wrong type": 2 }],
      ["ETHUSDT", 0, {}],
    ]);
    deepStrictEqual(
      db.prepare("SELECT symbol, reason FROM v_quarantine WHERE trade_id = 7").all()
        .map((r) => ({ ...r })),
      [{ symbol: "BTCUSDT", reason: "not a market trade" }],
    );
    db.close();
    using reader = openReader(path);
    deepStrictEqual(reader.quality().map((q) => q.symbol), ["BTCUSDT", "ETHUSDT"]);
  }),
);

storeTest(
  "StoreWriter.write() bounds the text of a frame and keeps it readable",
  (path) => {
    using writer = openWriter(path, { identity });
    writer.write({
      quarantined: ["", "a\0b", "x".repeat(1e6), "\ud83d", "😀".repeat(1_500)].map((raw) => ({
        ...frame(1),
        raw,
      })),
    });
    using reader = openReader(path);
    const texts = reader.quarantine().map((q) => q.raw).reverse();
    deepStrictEqual(texts.slice(0, 2), ["\u2400", "a\u2400b"]);
    deepStrictEqual(texts.map((t) => t.length), [1, 3, 2_000, 1, 2_000]);
    ok(texts.every((t) => t.isWellFormed()));
  },
);

storeTest(
  "StoreWriter.write() counts nothing of a batch that fails",
  (path) => {
    using writer = openWriter(path, { identity });
    const many = Array.from({ length: KEPT_FRAMES + 400 }, (_, k) => frame(k));
    try {
      writer.write({ quarantined: many, bars: [{ symbol: "NOUSDT" } as never] });
      ok(false, "it must fail");
    } catch (error) {
      ok(String(error).includes("NOUSDT"), String(error));
    }
    writer.write({ quarantined: [frame(1)] });
    using reader = openReader(path);
    deepStrictEqual(reader.quarantineCounts().map((c) => c.frames), [1]);
  },
);
