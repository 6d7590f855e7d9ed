/**
 * Hot path: a rolling hedge ratio, correlation and deviation take one more bar.
 *
 * The reference computes the same window of 60 anew for each bar, with a library.
 *
 * @module
 */
import {
  linearRegression,
  sampleCorrelation,
  sampleStandardDeviation,
} from "npm:simple-statistics@7.12.1";
import { Random, RollingMoments, RollingPair } from "tandem/stats";

const WINDOW = 60;
const BARS = 5_000;
const random = new Random(1);
const x: number[] = [];
const y: number[] = [];
let price = 11.6;
let spread = 0;
for (let t = 0; t < BARS; t++) {
  price += random.normal() * 1e-4;
  spread = 0.97 * spread + random.normal() * 1e-5;
  x.push(price);
  y.push(1.2 * price - 5 + spread);
}

Deno.bench({
  name: "the window anew, simple-statistics",
  group: "5,000 rolling updates, window 60",
  baseline: true,
  fn() {
    let sum = 0;
    for (let t = WINDOW; t <= BARS; t++) {
      const xs = x.slice(t - WINDOW, t);
      const ys = y.slice(t - WINDOW, t);
      sum += linearRegression(xs.map((v, k) => [v, ys[k]!])).m + sampleCorrelation(xs, ys) +
        sampleStandardDeviation(ys);
    }
    if (Number.isNaN(sum)) throw new Error("A window is degenerate");
  },
});

Deno.bench({
  name: "RollingPair and RollingMoments",
  group: "5,000 rolling updates, window 60",
  fn() {
    const pair = new RollingPair(WINDOW);
    const moments = new RollingMoments(WINDOW);
    let sum = 0;
    for (let t = 0; t < BARS; t++) {
      pair.push(x[t]!, y[t]!);
      moments.push(y[t]!);
      if (t >= WINDOW - 1) sum += pair.slope! + pair.correlation! + moments.deviation()!;
    }
    if (Number.isNaN(sum)) throw new Error("A window is degenerate");
  },
});
