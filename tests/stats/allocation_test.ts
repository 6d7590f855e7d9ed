import { ok } from "node:assert/strict";
import { getHeapStatistics } from "node:v8";
import {
  EwmaPair,
  EwmaVariance,
  ExpandingPair,
  HayashiYoshidaStream,
  KalmanRegression,
  Moments,
  PageCusum,
  RollingBipower,
  RollingMoments,
  RollingPair,
  RollingRangeVolatility,
  RollingSpearman,
  RollingSum,
  RollingVwap,
  RollingZScore,
  SessionVwap,
} from "../../lib/stats/mod.ts";
import { normal } from "../support/random.ts";

const UPDATES = 500_000;
const next = normal(1);
const given = Float64Array.from({ length: 4_096 }, next);
const other = Float64Array.from({ length: 4_096 }, next);
/** Where results go. */
const sink = new Float64Array(14);
/** What V8 makes of a fraction that may also be `null`. */
const BYTES_PER_NUMBER = 16;

/** Takes so many more values, each in a loop of its own that the compiler can see through. */
type Run = (count: number) => void;

/** All bytes that this thread ever took from its heap, collected again or not. */
function allocatedBytes(): number {
  const { total_allocated_bytes } = getHeapStatistics() as { total_allocated_bytes?: number };
  if (total_allocated_bytes === undefined) throw new Error("V8 does not count allocated bytes");
  return total_allocated_bytes;
}

/** Bytes allocated per update, the least of five runs, as the compiler allocates on the side. */
function bytesPerUpdate(run: Run): number {
  for (let chunk = 0; chunk < 50; chunk++) run(10_000);
  return Math.min(...Array.from({ length: 5 }, () => {
    const before = allocatedBytes();
    run(UPDATES);
    return (allocatedBytes() - before) / UPDATES;
  }));
}

const kalman = () =>
  new KalmanRegression({
    observationVariance: 1,
    stateCovariance: { slope: 1e-6, intercept: 1e-6 },
  });

/** A loop per stream: one that several streams share could not be seen through. */
const streams: Readonly<Record<string, () => Run>> = {
  RollingMoments: () => {
    const rolling = new RollingMoments(60);
    return (count) => {
      for (let i = 0; i < count; i++) {
        rolling.push(given[i & 4_095]!);
        rolling.read(sink);
      }
    };
  },
  RollingPair: () => {
    const rolling = new RollingPair(60);
    return (count) => {
      for (let i = 0; i < count; i++) {
        rolling.push(given[i & 4_095]!, other[i & 4_095]!);
        rolling.read(sink);
      }
    };
  },
  RollingSum: () => {
    const rolling = new RollingSum(60);
    return (count) => {
      for (let i = 0; i < count; i++) {
        rolling.push(given[i & 4_095]!);
        rolling.read(sink);
      }
    };
  },
  RollingVwap: () => {
    const rolling = new RollingVwap(60);
    return (count) => {
      for (let i = 0; i < count; i++) {
        rolling.push(9 + given[i & 4_095]!, 2 + other[i & 4_095]!);
        rolling.read(sink);
      }
    };
  },
  EwmaPair: () => {
    const weighted = new EwmaPair({ alpha: 0.05 });
    return (count) => {
      for (let i = 0; i < count; i++) {
        weighted.push(given[i & 4_095]!, other[i & 4_095]!);
        weighted.read(sink);
      }
    };
  },
  EwmaVariance: () => {
    const weighted = new EwmaVariance();
    return (count) => {
      for (let i = 0; i < count; i++) {
        weighted.push(given[i & 4_095]!);
        weighted.read(sink);
      }
    };
  },
  KalmanRegression: () => {
    const line = kalman();
    return (count) => {
      for (let i = 0; i < count; i++) {
        line.push(given[i & 4_095]!, other[i & 4_095]!);
        line.read(sink);
      }
    };
  },
  RollingZScore: () => {
    const score = new RollingZScore({ window: 60 });
    return (count) => {
      for (let i = 0; i < count; i++) {
        score.push(given[i & 4_095]!);
        score.read(sink);
      }
    };
  },
  RollingBipower: () => {
    const bipower = new RollingBipower(60);
    return (count) => {
      for (let i = 0; i < count; i++) {
        bipower.push(given[i & 4_095]!);
        bipower.read(sink);
      }
    };
  },
  "RollingRangeVolatility of Yang-Zhang": () => {
    const options = { estimator: "yang-zhang", window: 60, periodsPerYear: 365 } as const;
    const volatility = new RollingRangeVolatility(options);
    return (count) => {
      for (let i = 0; i < count; i++) {
        const price = 50 + given[i & 4_095]!;
        volatility.push(price, price + 1, price - 1, 50 + other[i & 4_095]!);
        volatility.read(sink);
      }
    };
  },
  SessionVwap: () => {
    const vwap = new SessionVwap();
    return (count) => {
      for (let i = 0; i < count; i++) {
        vwap.push(9 + given[i & 4_095]!, 9 + other[i & 4_095]!, i >> 12);
        vwap.read(sink);
      }
    };
  },
  Moments: () => {
    const all = new Moments();
    return (count) => {
      for (let i = 0; i < count; i++) {
        all.push(given[i & 4_095]!);
        all.read(sink);
      }
    };
  },
  ExpandingPair: () => {
    const pair = new ExpandingPair();
    return (count) => {
      for (let i = 0; i < count; i++) {
        pair.push(given[i & 4_095]!, other[i & 4_095]!);
        pair.read(sink);
      }
    };
  },
  "RollingSpearman, which nobody asks,": () => {
    const rolling = new RollingSpearman(60);
    return (count) => {
      for (let i = 0; i < count; i++) rolling.push(given[i & 4_095]!, other[i & 4_095]!);
    };
  },
  HayashiYoshidaStream: () => {
    const stream = new HayashiYoshidaStream();
    let time = 0;
    return (count) => {
      for (let i = 0; i < count; i++) {
        stream.pushX(time++, given[i & 4_095]!);
        stream.pushY(time++, other[i & 4_095]!);
      }
    };
  },
  "one pair: line, correlation, z-score and filter:": () => {
    const [pair, score, line] = [new RollingPair(60), new RollingZScore({ window: 60 }), kalman()];
    return (count) => {
      for (let i = 0; i < count; i++) {
        const x = given[i & 4_095]!;
        const y = other[i & 4_095]!;
        pair.read(sink);
        score.push(y - sink[1]! - sink[0]! * x);
        score.read(sink, 6);
        pair.push(x, y);
        line.push(y, x);
        line.read(sink, 9);
      }
    };
  },
  PageCusum: () => {
    const cusum = new PageCusum();
    return (count) => {
      for (let i = 0; i < count; i++) sink[0] = cusum.push(given[i & 4_095]!) === null ? 0 : 1;
    };
  },
};
Deno.test("the measure of allocation sees one small object per update", () => {
  const kept: { value: number }[] = [];
  const bytes = bytesPerUpdate((count) => {
    for (let i = 0; i < count; i++) kept[i & 1] = { value: given[i & 4_095]! };
  });
  ok(bytes > BYTES_PER_NUMBER, `${bytes} bytes per update`);
});

for (const [name, make] of Object.entries(streams)) {
  Deno.test(`${name} push() and read() allocate nothing`, () => {
    const bytes = bytesPerUpdate(make());
    ok(bytes < 1, `${bytes} bytes per update`);
  });
}

Deno.test("getters that may be null allocate at most the numbers that go in and out", () => {
  const rolling = new RollingPair(60);
  const bytes = bytesPerUpdate((count) => {
    for (let i = 0; i < count; i++) {
      rolling.push(given[i & 4_095]!, other[i & 4_095]!);
      sink[0] = rolling.slope! + rolling.intercept! + rolling.correlation!;
    }
  });
  // three results, and two arguments where V8 has not inlined push()
  ok(bytes < 5 * BYTES_PER_NUMBER + 1, `${bytes} bytes per update`);
});
