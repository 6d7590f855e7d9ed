/** What becomes of calls to a thread that ends. */
import { ok, strictEqual, throws } from "node:assert/strict";
import { Caller } from "../../lib/store/thread/caller.ts";

const module = new URL("./support/ending_worker.ts", import.meta.url);
const onEnd = (reason: string) => new Error(`It has ended: ${reason}`);

for (
  const [way, reason] of [["rejectSoon", /promise of nobody/], [
    "throwSoon",
    /error of nobody/,
  ]] as const
) {
  Deno.test(`Caller.ask() throws when the thread ends while it is waited for (${way})`, () => {
    using caller = new Caller(module, onEnd);
    strictEqual(caller.ask("thread", "double", [21]), 42);
    caller.ask("thread", way, []);
    throws(() => caller.ask("thread", "never", []), reason);
    ok(caller.hasEnded);
    throws(() => caller.ask("thread", "double", [1]), /It has ended/);
  });

  Deno.test(`Caller.begin() settles when the thread ends (${way})`, async () => {
    using caller = new Caller(module, onEnd);
    caller.ask("thread", way, []);
    const call = caller.begin("thread", "never", []);
    await call.settled;
    throws(() => call.wait(), reason);
  });
}
