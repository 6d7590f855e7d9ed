import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { Viewport } from "../../lib/live/client/chart/viewport.ts";

const SECOND = 1_000;

function over(rows: number): Viewport {
  const viewport = new Viewport(SECOND);
  viewport.setRows(0, (rows - 1) * SECOND);
  return viewport;
}

Deno.test("Viewport shows everything and follows new rows", () => {
  const viewport = over(100);
  deepStrictEqual(viewport.span, { startMs: 0, endMs: 100_000 });
  viewport.setRows(0, 149_000);
  deepStrictEqual(viewport.span, { startMs: 0, endMs: 150_000 });
});

Deno.test("Viewport.zoom() keeps its moment in place, and new rows do not move it", () => {
  const viewport = over(100);
  viewport.zoom(2, 50_000);
  deepStrictEqual(viewport.span, { startMs: 25_000, endMs: 75_000 });
  strictEqual(viewport.follows, false);
  viewport.setRows(0, 200_000);
  deepStrictEqual(viewport.span, { startMs: 25_000, endMs: 75_000 });
});

Deno.test("Viewport.zoom() out to everything follows again", () => {
  const viewport = over(100);
  viewport.zoom(2, 50_000);
  viewport.zoom(0.1, 50_000);
  deepStrictEqual(viewport.span, viewport.extent);
  strictEqual(viewport.follows, true);
});

Deno.test("Viewport.follow() keeps a length at the newest row", () => {
  const viewport = over(100);
  viewport.follow(10_000);
  viewport.setRows(0, 100_000);
  deepStrictEqual(viewport.span, { startMs: 91_000, endMs: 101_000 });
});

Deno.test("Viewport.pan() to the end follows again with the same length", () => {
  const viewport = over(100);
  viewport.show({ startMs: 20_000, endMs: 40_000 });
  viewport.pan(10_000);
  deepStrictEqual(viewport.span, { startMs: 30_000, endMs: 50_000 });
  viewport.pan(90_000);
  deepStrictEqual(viewport.span, { startMs: 80_000, endMs: 100_000 });
  strictEqual(viewport.follows, true);
});

Deno.test("Viewport always shows at least a little of what there is, and nothing else", () => {
  const act = fc.oneof(
    fc.record({ zoom: fc.double({ min: 0.01, max: 100, noNaN: true }), at: fc.integer() }),
    fc.record({ pan: fc.integer({ min: -1e9, max: 1e9 }) }),
    fc.record({ follow: fc.option(fc.integer({ min: 1, max: 1e9 })) }),
    fc.record({ rows: fc.integer({ min: 1, max: 5_000 }) }),
  );
  fc.assert(fc.property(fc.array(act, { maxLength: 30 }), (acts) => {
    const viewport = over(500);
    for (const step of acts) {
      if ("zoom" in step) viewport.zoom(step.zoom, step.at);
      else if ("pan" in step) viewport.pan(step.pan);
      else if ("follow" in step) viewport.follow(step.follow);
      else viewport.setRows(0, Math.max(499, step.rows) * SECOND);
      const { span, extent } = viewport;
      ok(span.endMs > span.startMs);
      ok(span.startMs >= extent.startMs - 1e-3 && span.endMs <= extent.endMs + 1e-3);
    }
  }));
});
