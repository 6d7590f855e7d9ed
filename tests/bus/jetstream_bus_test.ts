import { deepStrictEqual, notStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import {
  type BusError,
  type Delivery,
  jetStreamBus,
  type JetStreamBusOptions,
} from "../../lib/bus/mod.ts";
import { connectTo } from "../../lib/bus/jetstream/library.ts";
import { until } from "../support/programs.ts";
import { type NatsServer, natsTest } from "../support/nats_server.ts";
import { busSuite, send, textOf } from "./bus_suite.ts";

let logs = 0;

function open({ url }: NatsServer, options: Partial<JetStreamBusOptions> = {}) {
  return jetStreamBus({ url, name: `log${logs++}`, mostBytes: 1e8, ...options });
}

natsTest("jetStreamBus() keeps the promises of a bus", async (server, t) => {
  await busSuite((options) => open(server, options), t);
});

natsTest("jetStreamBus() goes on in order when the server was killed", async (server) => {
  const problems: string[] = [];
  await using bus = await jetStreamBus({
    url: server.url,
    partitions: 1,
    onProblem: (problem) => problems.push(problem),
  });
  const stop = new AbortController();
  const { signal } = stop;
  const got: Delivery[] = [];
  const reading = (async () => {
    for await (const delivery of bus.subscribe({ name: "reader", partition: 0, signal })) {
      got.push(delivery);
    }
  })();
  await send(bus, 0, "a", "b", "c");
  await until(() => got.length === 3);
  got[0]!.acknowledge();
  await server.kill();
  let isSent = false;
  const sending = send(bus, 0, "d", "e").then(() => isSent = true);
  await new Promise((resolve) => setTimeout(resolve, 300));
  strictEqual(isSent, false, "nothing is taken while there is no server");
  await server.restart();
  await sending;
  await until(() => got.length === 5);
  stop.abort();
  await reading;
  deepStrictEqual(got.map(textOf), ["a", "b", "c", "d", "e"]);
  ok(problems.some((problem) => problem.includes("takes messages again")), problems.join("; "));
  // What was with the reader when the server went is not lost to the next one.
  got.slice(3).forEach((delivery) => delivery.acknowledge());
  // The server may have forgotten, as it was killed, what it was told a moment before.
  const next: string[] = [];
  const again = bus.subscribe({
    name: "reader",
    partition: 0,
    signal: new AbortController().signal,
  });
  for await (const delivery of again) if (next.push(textOf(delivery)) && next.at(-1) === "c") break;
  deepStrictEqual(next.filter((text) => text !== "a"), ["b", "c"]);
});

natsTest(
  "jetStreamBus() says once that a server is silent, and that it is back",
  async (server) => {
    const problems: string[] = [];
    await using bus = await open(server, {
      partitions: 2,
      onProblem: (text) => problems.push(text),
    });
    const stop = new AbortController();
    const { signal } = stop;
    let got = 0;
    const readers = [0, 1].map(async (partition) => {
      for await (const _ of bus.subscribe({ name: "reader", partition, signal })) got++;
    });
    await Promise.all([send(bus, 0, "a"), send(bus, 1, "b")]);
    await until(() => got === 2);
    await server.halt();
    const sending = Promise.all([send(bus, 0, "c"), send(bus, 1, "d"), send(bus, 0, "e")]);
    // Longer than two requests are waited for: each is tried again and again.
    await new Promise((resolve) => setTimeout(resolve, 7_500));
    server.resume();
    await sending;
    const last = (about: string) => problems.findLast((text) => text.includes(about));
    await until(() => [0, 1].every((k) => last(`partition ${k}`) === `Reads partition ${k} again`));
    stop.abort();
    await Promise.all(readers);
    for (const about of [/partition 0/, /partition 1/, /^The bus/]) {
      const told = problems.filter((text) => about.test(text));
      ok(told.length >= 2, problems.join("; "));
      told.forEach((text, k) =>
        strictEqual(/ again$/.test(text) && !/^Cannot/.test(text), k % 2 === 1, problems.join("; "))
      );
    }
  },
);

natsTest("jetStreamBus() takes the partitions of the log, and refuses others", async (server) => {
  const name = "fixed";
  await using first = await jetStreamBus({ url: server.url, name, partitions: 3 });
  await using second = await jetStreamBus({ url: server.url, name });
  deepStrictEqual([first.partitions, second.partitions], [3, 3]);
  await rejects(
    jetStreamBus({ url: server.url, name, partitions: 4 }),
    (error: BusError) => error.problem === "partitions" && /as it has 3/.test(error.message),
  );
});

natsTest("jetStreamBus() says what a message is that the server never takes", async (server) => {
  await using bus = await open(server, { partitions: 1 });
  const { signal } = new AbortController();
  await rejects(
    bus.publish({ partition: 0, id: "large", payload: new Uint8Array(2 << 20) }, signal),
    (error: BusError) => error.problem === "too large",
  );
});

Deno.test("jetStreamBus() says where no server answers, without the password", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  await rejects(
    jetStreamBus({ url: `nats://user:secret@127.0.0.1:${port}` }),
    (error: BusError) =>
      error.problem === "unreachable" && error.message.includes(`127.0.0.1:${port}`) &&
      !error.message.includes("secret"),
  );
});

natsTest("jetStreamBus() knows what was acknowledged right before its end", async (server) => {
  const options = { url: server.url, name: "ends", partitions: 1 };
  {
    await using bus = await jetStreamBus(options);
    await send(bus, 0, "a", "b", "c");
    const stop = new AbortController();
    const held: Delivery[] = [];
    for await (const each of bus.subscribe({ name: "r", partition: 0, signal: stop.signal })) {
      if (held.push(each) === 3) stop.abort();
    }
    held.forEach((each) => each.acknowledge());
  }
  await using bus = await jetStreamBus(options);
  deepStrictEqual((await bus.health()).subscribers, [{ name: "r", partition: 0, behind: 0 }]);
});

natsTest(
  "jetStreamBus() tells a log from one that was made anew under its name",
  async (server) => {
    const options = { url: server.url, name: "again", partitions: 1 };
    const identities: string[] = [];
    for (let k = 0; k < 2; k++) {
      await using bus = await jetStreamBus(options);
      identities.push(bus.identity);
    }
    strictEqual(identities[0], identities[1]);
    const { connection, manager } = await connectTo(server.url, "test");
    await manager.streams.delete("again");
    await connection.close();
    await using bus = await jetStreamBus(options);
    notStrictEqual(bus.identity, identities[0]);
  },
);
