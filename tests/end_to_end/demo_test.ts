/** One command, offline: a simulated market, ingested and shown. */
import { match, ok, strictEqual } from "node:assert/strict";
import { start, until } from "../support/programs.ts";

async function health(url: string): Promise<{ simulated: boolean } | null> {
  try {
    return await (await fetch(new URL("/api/health", url))).json();
  } catch {
    return null;
  }
}

Deno.test("demo shows a simulated market that moves, and ends cleanly", async () => {
  await using demo = start("demo", "--port", "0", "--symbols", "4", "--rate", "100", "--seed", "3");
  await until(() => demo.out.includes("Ctrl-C"), 30_000);
  const [url] = /http:\/\/127\.0\.0\.1:\d+\S*/.exec(demo.out) ?? [];
  ok(url !== undefined, demo.out);
  match(demo.out, /SIMULATED/);
  strictEqual((await health(url))?.simulated, true);
  match(await (await fetch(url)).text(), /<title>/);

  const pair = new URL(url).searchParams;
  const bars = async () => {
    const query = `symbol=${pair.get("y")}&interval=1s&limit=100000`;
    const { bars } = await (await fetch(new URL(`/api/bars?${query}`, url))).json();
    return bars as { openTimeMs: number }[];
  };
  const before = await bars();
  ok(before.length > 60, "history is there from the start");
  await until(async () => (await bars()).at(-1)!.openTimeMs > before.at(-1)!.openTimeMs + 1_000);

  strictEqual(await demo.stop(), 0, demo.err);
  strictEqual(await health(url), null, "nothing is left running");
});
