import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { exposition, tradeMetrics } from "../../lib/metrics/mod.ts";

Deno.test("exposition() leaves out what has no value, and writes the infinite as Prometheus does", () => {
  const metric = { name: "tandem_a_seconds", type: "gauge", help: "A" } as const;
  const samples = [
    { value: null },
    { labels: { q: "0.5" }, value: Infinity },
    { labels: { q: "1", of: 'a\n"\\' }, value: -Infinity },
    { value: 1.5e-7 },
  ];
  strictEqual(
    exposition([{ ...metric, samples }]),
    "# HELP tandem_a_seconds A\n# TYPE tandem_a_seconds gauge\n" +
      'tandem_a_seconds{q="0.5"} +Inf\ntandem_a_seconds{q="1",of="a\\n\\"\\\\"} -Inf\n' +
      "tandem_a_seconds 1.5e-7\n",
  );
});

Deno.test("tradeMetrics() gives counters whose names end as those of counters do", () => {
  const counts = { received: 5, stored: 4, duplicate: 3, late: 2, quarantined: 1 };
  const metrics = tradeMetrics([{ labels: { symbol: "A" }, counts }]);
  deepStrictEqual(metrics.map(({ samples }) => samples[0]!.value), [5, 4, 3, 2, 1]);
  for (const { name, type } of metrics) {
    deepStrictEqual([/^tandem_[a-z_]+_total$/.test(name), type], [true, "counter"], name);
  }
});
