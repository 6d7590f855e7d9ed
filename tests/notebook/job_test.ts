import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { faults, job, jobs, sleep, stopSignal } from "../../lib/notebook/mod.ts";

/** Work that ends when it is told to. */
function untilStopped(ended: string[], name: string): (signal: AbortSignal) => Promise<void> {
  return (signal) =>
    new Promise((resolve) => {
      signal.addEventListener("abort", () => {
        ended.push(name);
        resolve();
      });
    });
}

Deno.test("job() waits for the end of the old job before it starts the new one", async () => {
  const order: string[] = [];
  const first = job("a", untilStopped(order, "first ended"));
  await Promise.resolve();
  const second = job("a", () => void order.push("second began"));
  await second.ended;
  deepStrictEqual(order, ["first ended", "second began"]);
  deepStrictEqual([first.state, second.state], ["stopped", "done"]);
  strictEqual(jobs().filter(({ name }) => name === "a").length, 1);
});

Deno.test("job() replaced before it began never begins", async () => {
  const order: string[] = [];
  job("b", untilStopped(order, "first ended"));
  await Promise.resolve();
  const second = job("b", () => void order.push("second began"));
  const third = job("b", () => void order.push("third began"));
  await third.ended;
  deepStrictEqual(order, ["first ended", "third began"]);
  strictEqual(second.state, "stopped");
});

Deno.test("job() that fails is kept as a fault and does not throw", async () => {
  const failing = job("c", () => {
    throw new RangeError("on purpose");
  });
  await failing.ended;
  strictEqual(failing.state, "failed");
  match(faults.at(-1)!.where, /job "c"/);
  strictEqual(faults.at(-1)!.message, "on purpose");
});

Deno.test("Job.stop() answers when the work has ended, also twice", async () => {
  const ended: string[] = [];
  const stopping = job("d", untilStopped(ended, "ended"));
  await Promise.resolve();
  await Promise.all([stopping.stop(), stopping.stop()]);
  deepStrictEqual(ended, ["ended"]);
  strictEqual(stopping.state, "stopped");
});

Deno.test("outside of a notebook the room changes nothing", async () => {
  const signal = stopSignal();
  await sleep(1);
  strictEqual(stopSignal(), signal);
  strictEqual(signal.aborted, false);
});
