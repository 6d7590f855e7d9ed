/** What every feed promises, with real sockets and REST, over a market whose truth is known. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { type ExchangeFaults, randomFaults } from "../../../lib/exchange/mod.ts";
import type { Trade } from "../../../lib/market/mod.ts";
import { plain, Run, withExchange } from "./run.ts";
import type { Subject } from "./subjects.ts";

/** Declares the tests of a venue. */
export function feedSuite(subject: Subject): void {
  const { name, symbols, natives, stream, corruptions, unknown } = subject;
  const [BTC] = symbols;

  Deno.test(`${name} delivers every trade once, in id order and base units`, async () => {
    await withExchange({}, async (exchange) => {
      await using run = await Run.start(subject, exchange, { symbols });
      await run.recorder.until(
        "trades of both",
        () => symbols.every((symbol) => run.recorder.ids(symbol).length > 60),
      );
      deepStrictEqual([...run.feed.streams()], symbols.map((symbol) => [symbol, "live"]));
      symbols.forEach((symbol, k) => {
        const got = run.recorder.trades.filter((t) => t.symbol === symbol);
        deepStrictEqual(got.map(plain), run.truth(natives[k]!, symbol, got));
      });
      strictEqual(run.recorder.count("gap"), 0);
      deepStrictEqual(run.recorder.quarantine, []);
      strictEqual(run.feed.venue, subject.venue.code);
      await run.recorder.until("the clock", () => run.feed.health().clock !== null);
    });
  });

  Deno.test(`${name} loses nothing when connections are cut, and tells of the gap`, async () => {
    const sockets: { close(code: number, reason: string): void }[] = [];
    const faults: ExchangeFaults = {
      connect(socket) {
        sockets.push(socket);
        return { send: ({ text }) => socket.send(text), closed() {} };
      },
    };
    await withExchange(faults, async (exchange) => {
      await using run = await Run.start(subject, exchange, { symbols });
      for (let cuts = 1; cuts <= 2; cuts++) {
        const before = run.recorder.ids(BTC).length;
        await run.recorder.until("trades", () => run.recorder.ids(BTC).length > before + 20);
        sockets.at(-1)!.close(1011, "gone");
        await run.recorder.until("another connection", () => sockets.length === cuts + 1);
      }
      const before = run.recorder.ids(BTC).length;
      await run.recorder.until(
        "more, without a hole",
        () => run.recorder.ids(BTC).length > before + 40 && run.isWhole(BTC),
      );
      run.holdsAll(natives[0], BTC);
      ok(run.recorder.messages("reconnecting").length >= 2);
      ok(run.recorder.gaps.some((gap) => gap.endsWith("repaired")), "what was missed was a gap");
    });
  });

  Deno.test(`${name} goes on after what is known, with the same ids`, async () => {
    await withExchange({}, async (exchange) => {
      let known: Trade[];
      {
        await using run = await Run.start(subject, exchange, { symbols: [BTC] });
        await run.recorder.until("trades", () => run.recorder.ids(BTC).length > 30);
        known = run.recorder.trades.filter((t) => t.symbol === BTC);
      }
      const size = exchange.trades(natives[0]).length;
      while (exchange.trades(natives[0]).length < size + 50) await pause(20);
      const lastIds = new Map([[BTC, known.at(-1)!.tradeId]]);
      await using run = await Run.start(subject, exchange, { symbols: [BTC], lastIds });
      await run.recorder.until(
        "trades",
        () => run.recorder.ids(BTC).length > 80 && run.isWhole(BTC),
      );
      run.holdsAll(natives[0], BTC, known);
    });
  });

  Deno.test(`${name} takes each trade once from two sockets`, async () => {
    await withExchange({}, async (exchange) => {
      await using run = await Run.start(subject, exchange, { symbols: [BTC], redundant: true });
      await run.recorder.until("duplicates", () => run.recorder.count("duplicate") > 40);
      strictEqual(run.feed.health().connections.length, 2);
      await run.recorder.until("no hole", () => run.isWhole(BTC));
      run.holdsAll(natives[0], BTC);
      deepStrictEqual(run.recorder.quarantine, []);
    });
  });

  Deno.test(`${name} hands its symbols over to other sockets without a gap`, async () => {
    await withExchange({}, async (exchange) => {
      const options = { symbols: [BTC], rotateMs: 400, overlapMs: 100 };
      await using run = await Run.start(subject, exchange, options);
      const opened = () => run.recorder.messages("open").length;
      await run.recorder.until("sockets one after another", () => opened() >= 4);
      const before = run.recorder.ids(BTC).length;
      await run.recorder.until("more", () => run.recorder.ids(BTC).length > before + 20);
      run.holdsAll(natives[0], BTC);
      deepStrictEqual(run.recorder.gaps, []);
    });
  });

  Deno.test(`${name} fetches what frames did not tell`, async () => {
    let seen = 0;
    const faults: ExchangeFaults = {
      frame: ({ stream: of, text }) => {
        if (of !== stream) return text;
        seen++;
        return seen > 30 && seen <= 60 || seen % 17 === 0 ? null : text;
      },
    };
    await withExchange(faults, async (exchange) => {
      await using run = await Run.start(subject, exchange, { symbols: [BTC] });
      const isAll = () => {
        const own = run.recorder.trades.filter((t) => t.symbol === BTC);
        return own.filter((t) => t.source === "rest").length >= 30 && run.isWhole(BTC) &&
          own.length > 120 && run.truth(natives[0], BTC, own).length === own.length;
      };
      await run.recorder.until("fetched trades", isAll);
      run.holdsAll(natives[0], BTC);
    });
  });

  Deno.test(`${name} sets garbage aside with the reason and fetches its trades`, async () => {
    const reasons = Object.keys(corruptions) as (keyof typeof corruptions)[];
    let seen = 0;
    const faults: ExchangeFaults = {
      frame: ({ stream: of, text }) => {
        if (of !== stream) return text;
        const reason = ++seen % 8 === 0 ? reasons[seen / 8 - 1] : undefined;
        return reason === undefined ? text : corruptions[reason]!(text);
      },
    };
    await withExchange(faults, async (exchange) => {
      await using run = await Run.start(subject, exchange, { symbols: [BTC] });
      const isAll = () => {
        const own = run.recorder.trades.filter((t) => t.symbol === BTC);
        return seen > 8 * reasons.length + 5 && run.isWhole(BTC) &&
          run.truth(natives[0], BTC, own).length === own.length;
      };
      await run.recorder.until("all", isAll);
      // Rows behind one that cannot be placed go with it.
      const told = run.recorder.quarantine.filter((reason) => reason !== "unknown place");
      deepStrictEqual(new Set(told), new Set(reasons));
      run.holdsAll(natives[0], BTC);
    });
  });

  Deno.test(`${name} tells of a symbol that the venue does not know, and follows the others`, async () => {
    await withExchange({}, async (exchange) => {
      const options = { symbols: [BTC, unknown.symbol], silentMs: 300 };
      await using run = await Run.start(subject, exchange, options);
      const told = () =>
        [
          ...run.recorder.messages("notice"),
          ...run.recorder.messages("silent"),
        ].join("\n");
      await run.recorder.until("the word", () => told().includes(unknown.symbol.slice(-6)));
      match(told(), unknown.told);
      await run.recorder.until("the others' trades", () => run.recorder.ids(BTC).length > 5);
    });
  });

  Deno.test(`${name} takes symbols in and lets them go while it runs`, async () => {
    await withExchange({}, async (exchange) => {
      const [, ETH] = symbols;
      await using run = await Run.start(subject, exchange, { symbols: [BTC] });
      await run.recorder.until("trades", () => run.recorder.ids(BTC).length > 5);
      run.feed.add([ETH]);
      await run.recorder.until("the other's", () => run.recorder.ids(ETH).length > 5);
      run.feed.remove([BTC]);
      deepStrictEqual([...run.feed.streams().keys()], [ETH]);
      const before = run.recorder.ids(ETH).length;
      await run.recorder.until("more", () => run.recorder.ids(ETH).length > before + 20);
      run.feed.add([BTC]);
      const back = run.recorder.ids(BTC).length;
      await run.recorder.until(
        "it again, without a hole",
        () => run.recorder.ids(BTC).length > back + 20 && run.isWhole(BTC),
      );
      run.holdsAll(natives[0], BTC);
    });
  });
}

/** Declares the randomized test of a venue. That of Binance are the runs of `fault_test.ts`. */
export function randomFaultTest(subject: Subject, seed = 11): void {
  const { name, symbols, natives } = subject;
  Deno.test(`${name} stores what was traded once whatever happens to frames and answers`, async () => {
    const plan = "drop=0.01,half-open=0.002,stall=0.01,duplicate=0.05,reorder=0.05,skip=0.03," +
      "corrupt=0.02,mistype=0.03,zero=0.02,unknown=0.01,stranger=0.01,split=0.01,giant=0.005," +
      "rest-5xx=0.1,rest-garble=0.1,rest-truncate=0.1,rest-slow=0.05,no-ack=0.2";
    const faults = randomFaults({ seed, plan });
    await withExchange(faults, async (exchange) => {
      const options = { symbols, staleMs: 2_000, quietMs: 1_000, overlapMs: 100 };
      await using run = await Run.start(subject, exchange, options);
      const count = () => Math.min(...symbols.map((symbol) => run.recorder.ids(symbol).length));
      await run.recorder.until("trades in spite of it", () => count() > 200, 60_000);
      faults.isActive = false;
      const until = count() + 20;
      const isAll = () =>
        count() > until && symbols.every((symbol, k) => {
          const own = run.recorder.trades.filter((t) => t.symbol === symbol);
          return run.isWhole(symbol) && own.length === run.truth(natives[k]!, symbol, own).length;
        });
      await run.recorder.until("the end of all repairs", isAll, 60_000);
      symbols.forEach((symbol, k) => run.holdsAll(natives[k]!, symbol));
      ok(faults.log.counts.size >= 12, [...faults.log.counts.keys()].join(" "));
      // What was set aside had been sent wrong: rows are told from one another by name and number.
      const sent = faults.log.corrupt.map(({ text }) => text);
      for (const raw of run.recorder.quarantined) {
        const part = /"(?:i|seq)":"?[\w-]+/.exec(raw)?.[0] ?? raw;
        ok(sent.some((text) => text.startsWith(raw) || text.includes(part)), raw);
      }
      ok(run.recorder.quarantine.length > 5);
    });
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
