import { ok } from "node:assert/strict";
import {
  EwmaPair,
  EwmaVariance,
  KalmanRegression,
  PageCusum,
  RollingMoments,
  RollingPair,
  RollingSum,
  RollingVwap,
} from "../../lib/stats/mod.ts";
import { normal } from "../support/random.ts";

const UPDATES = 100_000;
const CHUNK = 10_000;
const next = normal(1);
const given = Float64Array.from({ length: 4_096 }, next);
const other = Float64Array.from({ length: 4_096 }, next);
/** Where results go. */
const sink = new Float64Array(1);
/** What V8 makes of a fraction that crosses a call which it has not inlined. */
const BYTES_PER_NUMBER = 16;

/** Takes so many more values, each in a loop of its own that the compiler can see through. */
type Run = (count: number) => void;

/**
 * Bytes allocated per update: the heap is read every 10,000 updates and its growth added up, so
 * that a collection in between hides little. The best of ten runs, as the compiler works on the
 * side.
 */
function bytesPerUpdate(run: Run): number {
  for (let chunk = 0; chunk < 50; chunk++) run(CHUNK);
  const grown = Array.from({ length: 10 }, () => {
    let sum = 0;
    for (let done = 0; done < UPDATES; done += CHUNK) {
      const before = Deno.memoryUsage().heapUsed;
      run(CHUNK);
      sum += Math.max(0, Deno.memoryUsage().heapUsed - before);
    }
    return sum / UPDATES;
  });
  return Math.min(...grown);
}

/** How many numbers go in and come out per update, and a loop of updates. */
const streams: Readonly<Record<string, [numbers: number, make: () => Run]>> = {
  RollingMoments: [3, () => {
    const rolling = new RollingMoments(60);
    return (count) => {
      for (let i = 0; i < count; i++) {
        rolling.push(given[i & 4_095]!);
        sink[0] = rolling.mean! + rolling.deviation()!;
      }
    };
  }],
  RollingPair: [5, () => {
    const rolling = new RollingPair(60);
    return (count) => {
      for (let i = 0; i < count; i++) {
        rolling.push(given[i & 4_095]!, other[i & 4_095]!);
        sink[0] = rolling.slope! + rolling.intercept! + rolling.correlation!;
      }
    };
  }],
  RollingSum: [2, () => {
    const rolling = new RollingSum(60);
    return (count) => {
      for (let i = 0; i < count; i++) sink[0] = rolling.push(given[i & 4_095]!) ?? 0;
    };
  }],
  RollingVwap: [3, () => {
    const rolling = new RollingVwap(60);
    return (count) => {
      for (let i = 0; i < count; i++) sink[0] = rolling.push(9 + given[i & 4_095]!, 2) ?? 0;
    };
  }],
  EwmaPair: [4, () => {
    const weighted = new EwmaPair({ alpha: 0.05 });
    return (count) => {
      for (let i = 0; i < count; i++) {
        weighted.push(given[i & 4_095]!, other[i & 4_095]!);
        sink[0] = weighted.meanX! + weighted.correlation!;
      }
    };
  }],
  EwmaVariance: [2, () => {
    const weighted = new EwmaVariance();
    return (count) => {
      for (let i = 0; i < count; i++) sink[0] = weighted.push(given[i & 4_095]!) ?? 0;
    };
  }],
  KalmanRegression: [5, () => {
    const line = new KalmanRegression({
      observationVariance: 1,
      stateCovariance: { slope: 1e-6, intercept: 1e-6 },
    });
    return (count) => {
      for (let i = 0; i < count; i++) {
        line.push(given[i & 4_095]!, other[i & 4_095]!);
        sink[0] = line.slope + line.intercept + line.zScore!;
      }
    };
  }],
  PageCusum: [1, () => {
    const cusum = new PageCusum();
    return (count) => {
      for (let i = 0; i < count; i++) sink[0] = cusum.push(given[i & 4_095]!) === null ? 0 : 1;
    };
  }],
};

Deno.test("the measure of allocation sees one small object per update", () => {
  const kept: { value: number }[] = [];
  const bytes = bytesPerUpdate((count) => {
    for (let i = 0; i < count; i++) kept[i & 1] = { value: given[i & 4_095]! };
  });
  ok(bytes > 10, `${bytes} bytes per update`);
});

for (const [name, [numbers, make]] of Object.entries(streams)) {
  Deno.test(`${name}.push() allocates nothing but the numbers that go in and out`, () => {
    const bytes = bytesPerUpdate(make());
    ok(bytes <= numbers * BYTES_PER_NUMBER, `${bytes} bytes per update`);
  });
}
