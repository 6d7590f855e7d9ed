import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { progress } from "../../lib/notebook/mod.ts";
import { KernelClient } from "../../tools/notebook/kernel_client.ts";
import type { KernelMessage } from "../../tools/notebook/kernel_message.ts";

const PROJECT = decodeURIComponent(new URL("../..", import.meta.url).pathname);

Deno.test("progress() in a kernel updates one output while a loop that never waits goes on", async () => {
  await using kernel = await KernelClient.start({ cwd: `${PROJECT}notebooks` });
  await kernel.execute(`import * as nb from "tandem/notebook";
    globalThis.work = (ms) => { const end = performance.now() + ms; while (performance.now() < end); };`);
  const seen: KernelMessage[] = [];
  const stop = kernel.onMessage((message) => {
    if (/display/.test(message.type)) seen.push(message);
  });
  const startedMs = performance.now();
  const { status } = await kernel.execute(
    `for await (const k of nb.progress(Array(20), { label: "Pairs <all>" })) work(50);`,
  );
  const lastedMs = performance.now() - startedMs;
  strictEqual(status, "ok");
  const words = seen.map(({ content }) => String(content.data!["text/plain"]));
  strictEqual(new Set(seen.map(({ content }) => content.transient?.display_id)).size, 1);
  deepStrictEqual(
    [seen[0]!.type, ...new Set(seen.slice(1).map(({ type }) => type))],
    ["display_data", "update_display_data"],
  );
  strictEqual(words[0], "Pairs <all>: 0 of 20");
  const most = lastedMs / 150 + 3;
  ok(words.length > 3 && words.length < most, `${words.length} updates in ${lastedMs} ms`);
  match(words[2]!, /^Pairs <all>: \d+ of 20, [\d.]+ s left$/);
  match(words.at(-1)!, /^Pairs <all>: 20 of 20 in [\d.]+ s$/);
  match(
    String(seen[0]!.content.data!["text/html"]),
    /Pairs &#60;all&#62;.*<progress value="0" max="20"/s,
  );

  const before = seen.length;
  const cell = kernel.execute(`for await (const k of nb.progress(Array(400))) work(50);`);
  while (seen.length < before + 3) await wait(20);
  kernel.interrupt();
  const { ename, outputs } = await cell;
  strictEqual(ename, "AbortError");
  const last = outputs.findLast(({ type }) => type === "update_display_data")!;
  match(String(last.content.data!["text/plain"]), /^\d+ of 400, stopped after/);
  stop();
});

Deno.test("progress() passes items, lengths that are not known, and errors on", async () => {
  async function* source() {
    yield "a";
    await wait(1);
    yield "b";
  }
  deepStrictEqual(await Array.fromAsync(progress(source())), ["a", "b"]);
  deepStrictEqual(await Array.fromAsync(progress(new Set([1]))), [1]);
  await rejects(async () => {
    for await (const _ of progress([1, 2])) throw new Error("on purpose");
  }, /on purpose/);
});
