import { deepStrictEqual, rejects } from "node:assert/strict";
import { readFunding } from "../../lib/apps/backtest/legs.ts";

const NOON_MS = Date.UTC(2026, 10, 22, 12);
const context = {
  signal: new AbortController().signal,
  report: { info() {}, warn() {}, progress() {}, print() {} },
};

async function read(text: string) {
  const file = await Deno.makeTempFile({ suffix: ".csv" });
  await Deno.writeTextFile(file, text);
  return await readFunding(file, context);
}

Deno.test("readFunding() reads ms and dates, those without a zone as UTC", async () => {
  deepStrictEqual(
    await read(
      `time,rate\n${NOON_MS},0.0001\n2026-11-22 12:00:00,0.0002\n2026-11-22T14:00:00+02:00,0.0003\n`,
    ),
    [0.0001, 0.0002, 0.0003].map((rate) => ({ timeMs: NOON_MS, rate })),
  );
});

Deno.test("readFunding() says what it needs where no line is a rate", async () => {
  await rejects(read("time,rate\n2026-02-30,0.1\nnow,0.1\n"), /no line holds a time in ms/);
});
