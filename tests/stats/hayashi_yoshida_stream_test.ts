import { ok, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { hayashiYoshida, HayashiYoshidaStream } from "../../lib/stats/mod.ts";

/** Steps of the clock, which leg ticks, and its value: many fall on one time. */
const market = fc.array(
  fc.tuple(fc.nat(2), fc.boolean(), fc.integer({ min: -99, max: 99 })),
  { maxLength: 60 },
);

/** Feeds a stream and keeps what the batch form needs; goes through its state at one tick. */
function feed(steps: readonly (readonly [number, boolean, number])[], restoreAt: number) {
  let stream = new HayashiYoshidaStream();
  const x = { times: [] as number[], values: [] as number[] };
  const y = { times: [] as number[], values: [] as number[] };
  let time = 0;
  steps.forEach(([step, isX, value], i) => {
    if (i === restoreAt) {
      stream = HayashiYoshidaStream.restore(JSON.parse(JSON.stringify(stream.state())));
    }
    time += step;
    const leg = isX ? x : y;
    leg.times.push(time);
    leg.values.push(value);
    if (isX) stream.pushX(time, value);
    else stream.pushY(time, value);
  });
  stream.advance(time + 1);
  return { stream, x, y };
}

Deno.test("HayashiYoshidaStream equals hayashiYoshida() whatever comes together, also restored", () => {
  fc.assert(
    fc.property(market, fc.nat(60), (steps, restoreAt) => {
      const { stream, x, y } = feed(steps, restoreAt);
      const batch = hayashiYoshida(x, y);
      // whole numbers: exact in any order
      strictEqual(stream.covariance, batch.covariance);
      strictEqual(stream.varianceX, batch.varianceX);
      strictEqual(stream.varianceY, batch.varianceY);
      strictEqual(stream.correlation, batch.correlation);
      strictEqual(stream.nobsX, batch.nobsX);
      strictEqual(stream.nobsY, batch.nobsY);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("HayashiYoshidaStream counts a tick only when no other can replace it", () => {
  const stream = new HayashiYoshidaStream();
  stream.pushX(1, 10);
  stream.pushX(1, 20);
  strictEqual(stream.nobsX, 0);
  stream.pushY(2, 5);
  strictEqual(stream.nobsX, 1);
  stream.pushX(2, NaN);
  strictEqual(stream.nobsY, 0);
  throws(() => stream.pushX(1, 3), /time must not go back/);
  ok(stream.correlation === null);
});
