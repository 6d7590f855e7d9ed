import { deepStrictEqual, match, strictEqual, throws } from "node:assert/strict";
import { type BenchOutput, benchRatios, compareRatios } from "../../tools/support/bench_ratios.ts";
import { runDeno } from "../../tools/support/process.ts";

const TOOL = decodeURIComponent(new URL("../../tools/bench.ts", import.meta.url).pathname);

function output(...benches: [name: string, p75: number | null, baseline?: boolean][]): BenchOutput {
  return {
    version: 1,
    runtime: "Deno",
    cpu: "a processor",
    benches: benches.map(([name, p75, baseline = false]) => ({
      origin: "file:///r/benches/a_bench.ts",
      group: "sum",
      name,
      baseline,
      results: [p75 === null ? { failed: {} } : { ok: { p75 } }],
    })),
  };
}

Deno.test("benchRatios() divides by the reference of the group", () => {
  deepStrictEqual(benchRatios(output(["loop", 100, true], ["reduce", 250])), [
    { id: "a_bench.ts > sum > reduce", p75Ns: 250, ratio: 2.5 },
  ]);
});

Deno.test("benchRatios() refuses a failed bench and a group without a reference", () => {
  throws(
    () => benchRatios(output(["loop", 1, true], ["reduce", null])),
    /"a_.*reduce" as it failed/,
  );
  throws(() => benchRatios(output(["loop", 1], ["reduce", 2])), /"baseline: true"/);
  throws(() => benchRatios({ ...output(), version: 2 }), /version must be 1: it is 2/);
});

Deno.test("compareRatios() tolerates a factor and tells new from slower", () => {
  const ratio = (id: string, value: number) => ({ id, p75Ns: 1, ratio: value });
  const compared = compareRatios(
    [ratio("same", 1.24), ratio("slower", 1.26), ratio("faster", 0.1), ratio("new", 1)],
    { same: 1, slower: 1, faster: 1 },
    1.25,
  );
  deepStrictEqual(compared.map(({ state }) => state), ["ok", "slower", "ok", "new"]);
});

Deno.test("deno task bench writes a baseline, keeps to it, and finds a slow-down", async () => {
  const folder = await Deno.makeTempDir();
  try {
    // Waiting takes as long on a busy machine as on a quiet one; counting would not.
    const bench = (ms: number) =>
      Deno.writeTextFile(
        `${folder}/a_bench.ts`,
        `const cell = new Int32Array(new SharedArrayBuffer(4));
         const wait = (ms: number) => { Atomics.wait(cell, 0, 0, ms); };
         Deno.bench({ name: "two", group: "wait", baseline: true, n: 12, fn: () => wait(30) });
         Deno.bench({ name: "own", group: "wait", n: 12, fn: () => wait(${ms}) });`,
      );
    const args = ["run", "-A", TOOL, `${folder}/a_bench.ts`, "--baseline", `${folder}/b.json`];
    await bench(30);
    const missing = await runDeno(args);
    strictEqual(missing.code, 1);
    match(missing.output, /own .* - +new/);
    strictEqual((await runDeno([...args, "--update"])).code, 0);
    const baseline = JSON.parse(await Deno.readTextFile(`${folder}/b.json`));
    deepStrictEqual(Object.keys(baseline.ratios), ["a_bench.ts > wait > own"]);
    match(baseline.date, /^\d{4}-\d\d-\d\d$/);
    const kept = await runDeno(args);
    match(kept.output, /1 passed, 0 failed$/);
    await bench(90);
    const slower = await runDeno(args);
    strictEqual(slower.code, 1);
    match(slower.output, /slower[^]*0 passed, 1 failed$/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
