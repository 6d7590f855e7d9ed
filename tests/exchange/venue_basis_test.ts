import { notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { BASIS_LAWS, BASIS_STEP_MS, VenueBasis } from "../../lib/exchange/venue_basis.ts";
import { close } from "../support/close.ts";

const START_MS = Date.UTC(2026, 0, 5);

function basis(seed: string, { deviation, halfLifeMs } = { deviation: 1, halfLifeMs: 60_000 }) {
  return new VenueBasis({ seed, deviation, halfLifeMs, startMs: START_MS });
}

function path(seed: string, steps: number, law?: { deviation: number; halfLifeMs: number }) {
  const process = basis(seed, law);
  return Array.from({ length: steps }, (_, step) => process.at(START_MS + step * BASIS_STEP_MS));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function covariance(values: readonly number[], lag: number): number {
  const centre = mean(values);
  return mean(values.slice(lag).map((value, i) => (value - centre) * (values[i]! - centre)));
}

Deno.test("VenueBasis.at() tells the same of a moment in whatever order it is asked, and how far", () => {
  const steps = 5_000;
  const forward = path("a", steps);
  const asked = basis("a");
  for (let k = 0; k < steps; k++) {
    // 1,777 and 5,000 share no divisor: each step once, back and forth across blocks.
    const step = (k * 1_777 + 4_321) % steps;
    strictEqual(asked.at(START_MS + step * BASIS_STEP_MS + k % BASIS_STEP_MS), forward[step]);
  }
  strictEqual(asked.at(START_MS - 1), forward[0]);
  notStrictEqual(basis("b").at(START_MS), forward[0]);
});

Deno.test("VenueBasis.at() has the deviation and half-life of its law at every venue", () => {
  for (const [venue, law] of BASIS_LAWS) {
    const halfLife = law.halfLifeMs / BASIS_STEP_MS;
    const values = path(venue, 2_000 * halfLife, law);
    // Of so many half-lives the standard error of the deviation is 1.9 %, that of the halves 0.03.
    close(Math.sqrt(covariance(values, 0)), law.deviation, 0.06);
    close(mean(values), 0, 0, 0.15 * law.deviation);
    close(covariance(values, halfLife) / covariance(values, 0), 0.5, 0, 0.08);
  }
});

Deno.test("VenueBasis.at() starts in its stationary law", () => {
  const starts = Array.from({ length: 4_000 }, (_, k) => basis(`start ${k}`).at(START_MS));
  close(Math.sqrt(covariance(starts, 0)), 1, 0.05);
  close(mean(starts), 0, 0, 0.06);
});

Deno.test("VenueBasis.at() moves by independent steps of one size, from block to block too", () => {
  const values = path("c", 200_000);
  const keep = 2 ** (-1 / 60);
  const shocks = values.slice(1).map((value, k) =>
    (value - keep * values[k]!) / Math.sqrt(1 - keep ** 2)
  );
  close(covariance(shocks, 0), 1, 0.02);
  for (const lag of [1, 2, 1_023, 1_024, 1_025]) {
    const correlation = covariance(shocks, lag);
    ok(Math.abs(correlation) < 0.012, `${correlation} at lag ${lag}`);
  }
  const joints = shocks.filter((_, k) => (k + 1) % 1_024 === 0);
  ok(joints.length > 190 && joints.every((shock) => Math.abs(shock) < 5));
  close(Math.sqrt(covariance(joints, 0)), 1, 0.2);
});
