import { ok, strictEqual, throws } from "node:assert/strict";
import {
  backtestOverfitting,
  type BlockedReturns,
  deflatedSharpe,
  expectedMaximumSharpe,
  moments,
  probabilisticSharpe,
} from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";
import { normal } from "../support/random.ts";

/** Series of returns, one per trial, cut into blocks. */
function blocked(series: readonly (readonly number[])[], blocks: number): BlockedReturns {
  const size = series[0]!.length / blocks;
  const sum = (power: number) =>
    Float64Array.from({ length: blocks * series.length }, (_, i) => {
      const [b, n] = [Math.floor(i / series.length), i % series.length];
      return series[n]!.slice(b * size, (b + 1) * size).reduce((s, r) => s + r ** power, 0);
    });
  return {
    trials: series.length,
    blocks,
    counts: Array(blocks).fill(size),
    sums: sum(1),
    squares: sum(2),
  };
}

/** Returns without skill but for one trial. */
function trials(seed: number, count: number, skill: number): number[][] {
  const next = normal(seed);
  return Array.from(
    { length: count },
    (_, n) => Array.from({ length: 320 }, () => next() + (n === 3 ? skill : 0)),
  );
}

Deno.test("backtestOverfitting() is a coin's toss without skill, and near 0 with it", () => {
  const toss = Array.from(
    { length: 20 },
    (_, i) => backtestOverfitting(blocked(trials(i + 1, 20, 0), 8)).probability!,
  );
  ok(Math.abs(moments(toss).mean! - 0.5) < 0.12, `${moments(toss).mean}`);
  const skilled = backtestOverfitting(blocked(trials(99, 20, 0.4), 8));
  ok(skilled.probability! < 0.05, `${skilled.probability}`);
  ok(skilled.heldOutSharpe! > 0.25 && skilled.lossProbability! < 0.05);
});

Deno.test("backtestOverfitting() equals the definition, written out", () => {
  const series = trials(5, 6, 0.1);
  const blocks = 6;
  const size = 320 / 8;
  const cut = series.map((row) => row.slice(0, blocks * size));
  const sharpe = (rows: readonly number[]) => {
    const all = moments(rows);
    return all.mean! / all.deviation()!;
  };
  let [below, splits] = [0, 0];
  for (let half = 0; half < 2 ** blocks; half++) {
    const chosen = [...Array(blocks).keys()].filter((b) => half >> b & 1);
    if (chosen.length !== blocks / 2) continue;
    splits++;
    const of = (row: readonly number[], isIn: boolean) =>
      sharpe(row.filter((_, t) => chosen.includes(Math.floor(t / size)) === isIn));
    const inside = cut.map((row) => of(row, true));
    const outside = cut.map((row) => of(row, false));
    const best = inside.indexOf(Math.max(...inside));
    const w = outside.filter((value) => value <= outside[best]!).length / (cut.length + 1);
    if (Math.log(w / (1 - w)) <= 0) below++;
  }
  const result = backtestOverfitting(blocked(cut, blocks));
  strictEqual(result.splits, splits);
  close(result.probability, below / splits);
});

Deno.test("backtestOverfitting() refuses odd blocks and has no answer for one trial", () => {
  throws(() => backtestOverfitting(blocked([[1, 2, 3]], 3)), RangeError);
  strictEqual(backtestOverfitting(blocked([[1, 2]], 2)).reason, "too few trials: 1 of 2");
});

Deno.test("deflatedSharpe() of the best of many without skill is seldom above 95 %", () => {
  const next = normal(3);
  const [runs, tried, days] = [200, 50, 250];
  let found = 0;
  for (let run = 0; run < runs; run++) {
    const ratios = Array.from({ length: tried }, () => {
      const all = moments(Array.from({ length: days }, next));
      return all.mean! / all.deviation()!;
    });
    const variance = moments(ratios).deviation()! ** 2;
    const facts = { sharpe: Math.max(...ratios), nobs: days };
    if (deflatedSharpe(facts, { trials: tried, variance })! > 0.95) found++;
    // what a reader would have believed without deflation
    ok(probabilisticSharpe(facts, 0)! > 0.9);
  }
  ok(found < 0.1 * runs, `${found} of ${runs}`);
});

Deno.test("expectedMaximumSharpe() is what the best of independent trials has", () => {
  const next = normal(4);
  const best = Array.from({ length: 400 }, () => Math.max(...Array.from({ length: 1_000 }, next)));
  ok(Math.abs(expectedMaximumSharpe(1_000, 1) - moments(best).mean!) < 0.06);
  strictEqual(expectedMaximumSharpe(1, 4), 0);
  throws(() => expectedMaximumSharpe(0, 1), RangeError);
  strictEqual(probabilisticSharpe({ sharpe: 1, nobs: 2 }, 0), null);
});
