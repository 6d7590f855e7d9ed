import { deepStrictEqual, ok } from "node:assert/strict";

/** What only some people need, and is far larger than everything else together. */
const HEAVY = /^(@duckdb\/|duckdb|ccxt)/;

Deno.test("deno.lock names nothing heavy: what stands in it is downloaded by everyone", async () => {
  const lock: { npm: Record<string, unknown> } = JSON.parse(
    await Deno.readTextFile(new URL("../../deno.lock", import.meta.url)),
  );
  const names = Object.keys(lock.npm);
  ok(names.length > 0);
  deepStrictEqual(names.filter((name) => HEAVY.test(name)), []);
});
