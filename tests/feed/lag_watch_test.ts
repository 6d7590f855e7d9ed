import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { LagWatch } from "../../lib/feed/sockets/lag_watch.ts";

/** Feeds one window per second, each the lags of its frames; returns the verdicts. */
function verdicts(watch: LagWatch, windows: readonly (readonly number[])[], skewMs = 0) {
  return windows.map((lags, second) => {
    for (const lagMs of lags) watch.see(lagMs);
    return watch.isLagging(1_000 * second, skewMs);
  });
}

Deno.test("LagWatch calls a socket lagging after five late windows in a row", () => {
  const late = [6_000, 9_000];
  const windows = [late, late, late, late, [4_000, 9_000], late, late, late, late, late, late];
  const lagging = verdicts(new LagWatch(5_000), windows);
  deepStrictEqual(lagging.indexOf(true), 9);
});

Deno.test("LagWatch takes the difference of the clocks out", () => {
  const windows = Array.from({ length: 8 }, () => [86_400_100]);
  deepStrictEqual(verdicts(new LagWatch(5_000), windows, 86_400_000).includes(true), false);
  deepStrictEqual(verdicts(new LagWatch(5_000), windows, 86_390_000).includes(true), true);
  deepStrictEqual(verdicts(new LagWatch(5_000), windows, 0).includes(true), false);
});

Deno.test("LagWatch learns nothing from a window without frames or with an impossible time", () => {
  const watch = new LagWatch(5_000);
  deepStrictEqual(
    verdicts(watch, [[6_000], [6_000], [], [6_000], [-3_600_000], [6_000], [6_000], [100]]),
    [false, false, false, false, false, false, true, false],
  );
  strictEqual(watch.lagMs, 100);
});

Deno.test("LagWatch looks once per window however often it is asked", () => {
  const watch = new LagWatch(5_000);
  for (let nowMs = 0; nowMs < 4_000; nowMs += 100) {
    watch.see(6_000);
    strictEqual(watch.isLagging(nowMs, 0), false);
  }
  strictEqual(watch.lagMs, 6_000);
});
