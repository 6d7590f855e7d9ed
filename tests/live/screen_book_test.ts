import { deepStrictEqual, ok, rejects, strictEqual, throws } from "node:assert/strict";
import { HubError, type ScreenUpdate, startHub } from "../../lib/live/mod.ts";
import { readQuery } from "../../lib/live/query.ts";
import { ScreenBook } from "../../lib/live/screen_book.ts";
import { Source } from "../../lib/live/source.ts";
import { Market } from "./support/market.ts";
import { until } from "./support/page_socket.ts";

const query = (more: object = {}) => readQuery("screen", { window: 30, rows: "all", ...more });

/** Collects what a watcher is told. */
function watcher() {
  const told: ScreenUpdate[] = [];
  const failures: unknown[] = [];
  return {
    told,
    failures,
    screened: (update: ScreenUpdate) => void told.push(update),
    failed: (error: unknown) => void failures.push(error),
  };
}

Deno.test("ScreenBook follows one window once for all who ask about it", async () => {
  using market = new Market();
  market.add(60);
  using source = new Source({ open: market.open, simulated: null });
  using book = new ScreenBook(source);
  const [a, b, c] = [watcher(), watcher(), watcher()];
  using _a = book.watch(query(), a);
  using _b = book.watch(query({ alpha: 0.5 }), b);
  const watching = book.watch(query({ window: 25 }), c);
  strictEqual(book.size, 2);
  await until(() => [a, b, c].every(({ told }) => told.at(-1)?.tested === 3), "all are screened");
  deepStrictEqual([a.told.at(-1)!.alpha, b.told.at(-1)!.alpha], [0.05, 0.5]);
  strictEqual(c.told.at(-1)!.windowBars, 25);
  watching[Symbol.dispose]();
  const seen = c.told.length;
  market.add(1);
  await until(
    () => [a, b].every(({ told }) => told.at(-1)?.openTimeMs === market.timeMs(60)),
    "the next bar is screened",
  );
  strictEqual(c.told.length, seen);
});

Deno.test("ScreenBook screens each of a few bars that come together", async () => {
  using market = new Market();
  market.add(60);
  using source = new Source({ open: market.open, simulated: null });
  using book = new ScreenBook(source);
  const a = watcher();
  using _ = book.watch(query(), a);
  await until(() => a.told.at(-1)?.tested === 3, "the stored bars are screened");
  const before = a.told.length;
  market.add(4);
  await until(() => a.told.at(-1)?.openTimeMs === market.timeMs(63), "the last bar is screened");
  const times = a.told.slice(before).map(({ openTimeMs }) => openTimeMs);
  deepStrictEqual(times, [60, 61, 62, 63].map((minute) => market.timeMs(minute)));
});

Deno.test("ScreenBook begins anew with a database that was opened anew", async () => {
  using market = new Market();
  market.add(60);
  let isBroken = false;
  using source = new Source({
    open: () => {
      const reader = market.open();
      const { version } = reader;
      return Object.assign(reader, {
        version() {
          if (isBroken) reader[Symbol.dispose]();
          return version.call(reader);
        },
      });
    },
    simulated: null,
  });
  using book = new ScreenBook(source);
  const one = watcher();
  using _ = book.watch(query(), one);
  await until(() => one.told.at(-1)?.tested === 3, "the stored bars are screened");
  isBroken = true;
  await until(() => source.pulse().quietMs === null, "the database cannot be read");
  isBroken = false;
  market.add(2);
  await until(() => one.told.at(-1)?.openTimeMs === market.timeMs(61), "it is followed again");
  strictEqual(one.told.at(-1)!.tested, 3);
});

Deno.test("ScreenBook refuses too many windows at once, and drops those nobody looks at", async () => {
  using market = new Market();
  market.add(30);
  using source = new Source({ open: market.open, simulated: null });
  using book = new ScreenBook(source);
  for (let k = 0; k < 10; k++) await book.report(query({ window: 21 + k }));
  strictEqual(book.size, 8);
  const watching = Array.from(
    { length: 8 },
    (_, k) => book.watch(query({ window: 40 + k }), watcher()),
  );
  throws(
    () => book.watch(query({ window: 50 }), watcher()),
    (error) => error instanceof HubError && error.status === 429,
  );
  for (const each of watching) each[Symbol.dispose]();
});

Deno.test("ScreenBook tells those who wait that it ends, and those without a database why", async () => {
  using market = new Market();
  market.add(30);
  using source = new Source({ open: market.open, simulated: null });
  const book = new ScreenBook(source);
  const one = watcher();
  book.watch(query(), one);
  const report = book.report(query({ window: 29 }));
  book[Symbol.dispose]();
  await rejects(report, HubError);
  ok(one.failures[0] instanceof HubError);
  await using hub = await startHub({ open: () => market.open() });
  const answer = await fetch(new URL("events?kind=screen&window=30", hub.url));
  let text = "";
  for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.includes('"tested":3')) break;
  }
  ok(text.includes("event: screen"));
  await using empty = await startHub({
    open: () => {
      throw new Error("there is none");
    },
  });
  const refused = await fetch(new URL("api/screen", empty.url));
  await refused.body?.cancel();
  strictEqual(refused.status, 503);
});
