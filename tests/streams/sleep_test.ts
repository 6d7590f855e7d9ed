import { rejects, strictEqual } from "node:assert/strict";
import { abortable, atMost, sleep } from "../../lib/streams/mod.ts";

Deno.test("sleep() is fulfilled after its time", async () => {
  const startMs = performance.now();
  await sleep(20, new AbortController().signal);
  strictEqual(performance.now() - startMs >= 19, true);
});

Deno.test("sleep() throws at once on an aborted signal", async () => {
  await rejects(sleep(60_000, AbortSignal.abort(new Error("enough"))), /enough/);
});

Deno.test("sleep() leaves no timer when aborted", async () => {
  const controller = new AbortController();
  const waiting = sleep(60_000, controller.signal);
  controller.abort(new Error("enough"));
  await rejects(waiting, /enough/);
});

Deno.test("abortable() gives the promise's result or reason", async () => {
  const { signal } = new AbortController();
  strictEqual(await abortable(Promise.resolve(7), signal), 7);
  await rejects(abortable(Promise.reject(new Error("no")), signal), /no/);
});

Deno.test("abortable() stops waiting when aborted, and a late failure is handled", async () => {
  const controller = new AbortController();
  const { promise, reject } = Promise.withResolvers<void>();
  const waiting = abortable(promise, controller.signal);
  controller.abort(new Error("enough"));
  await rejects(waiting, /enough/);
  reject(new Error("too late"));
  await Promise.resolve();
});

Deno.test("sleep() waits for months, of which a single timer knows nothing", async () => {
  const controller = new AbortController();
  let isOver = false;
  const waiting = sleep(90 * 86_400_000, controller.signal).then(() => isOver = true);
  await sleep(50);
  strictEqual(isOver, false);
  controller.abort(new Error("enough"));
  await rejects(waiting, /enough/);
});

Deno.test("atMost() tells whether a promise was fulfilled in time, and leaves no timer", async () => {
  strictEqual(await atMost(60_000, Promise.resolve()), true);
  strictEqual(await atMost(5, new Promise(() => {})), false);
  await rejects(atMost(60_000, Promise.reject(new Error("no"))), /no/);
});

Deno.test("atMost() handles a failure that comes too late", async () => {
  const { promise, reject } = Promise.withResolvers<void>();
  strictEqual(await atMost(5, promise), false);
  reject(new Error("too late"));
  await Promise.resolve();
});
