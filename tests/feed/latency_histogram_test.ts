import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { RecentLatency } from "../../lib/feed/venue/recent_latency.ts";
import { LatencyHistogram } from "../../lib/feed/mod.ts";

Deno.test("LatencyHistogram.summary() is absent without times", () => {
  strictEqual(new LatencyHistogram().summary(), null);
  strictEqual(new LatencyHistogram().quantileMs(0.5), null);
});

Deno.test("LatencyHistogram.quantileMs() equals the sorted value, or exceeds it by 1/32 at most", () => {
  const times = fc.array(fc.oneof(fc.nat(40), fc.nat(2_000), fc.nat(2 ** 30 - 1)), {
    minLength: 1,
    maxLength: 200,
  });
  fc.assert(fc.property(times, fc.double({ min: 0.001, max: 1, noNaN: true }), (values, share) => {
    const histogram = new LatencyHistogram();
    for (const value of values) histogram.record(value);
    const exact = values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1]!;
    const quantile = histogram.quantileMs(share)!;
    ok(quantile >= exact && quantile <= exact * (1 + 1 / 32), `${quantile} for ${exact}`);
    strictEqual(histogram.summary()!.maxMs, Math.max(...values));
  }));
});

Deno.test("LatencyHistogram counts times of clocks that disagree, and beyond its range", () => {
  const histogram = new LatencyHistogram();
  for (const ms of [-5, 0, 0.4, NaN, 1e12, Infinity]) histogram.record(ms);
  deepStrictEqual(histogram.summary(), {
    count: 6,
    p50Ms: 0,
    p99Ms: 2 ** 30 - 1,
    maxMs: 2 ** 30 - 1,
  });
});

Deno.test("LatencyHistogram.add() and clear() sum up and forget", () => {
  const [a, b] = [new LatencyHistogram(), new LatencyHistogram()];
  for (const ms of [1, 2, 3]) a.record(ms);
  for (const ms of [900, 1_000]) b.record(ms);
  b.add(a);
  deepStrictEqual(b.summary(), { count: 5, p50Ms: 3, p99Ms: 1_000, maxMs: 1_000 });
  b.clear();
  strictEqual(b.summary(), null);
  strictEqual(a.count, 3);
});

Deno.test("RecentLatency forgets what is older than the period before", () => {
  const latency = new RecentLatency();
  const count = () => {
    const sum = new LatencyHistogram();
    latency.addTo(sum);
    return sum.count;
  };
  latency.record(5, 10_000);
  latency.record(6, 299_999);
  latency.record(7, 300_000);
  strictEqual(count(), 3);
  latency.record(8, 600_000);
  strictEqual(count(), 2);
  latency.record(9, 6_000_000);
  strictEqual(count(), 1);
});
