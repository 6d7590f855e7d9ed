/** What goes wrong for people gets one clear sentence and the right exit code, never a stack trace. */
import { doesNotMatch, match, strictEqual } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { startExchange } from "../../lib/exchange/mod.ts";
import { openWriter } from "../../lib/store/mod.ts";
import { run, runIn, start, until } from "../support/programs.ts";

async function withFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function isSentence(
  result: { readonly code: number; readonly err: string },
  code: number,
  message: RegExp,
): void {
  match(result.err, message);
  doesNotMatch(result.err, /\n\s+at |Uncaught|\.ts:\d+/);
  strictEqual(result.code, code, result.err);
}

Deno.test("ingest says that a symbol is unknown and names the nearest", async () => {
  await using exchange = await startExchange({
    source: { seed: 1, symbols: 3, ratePerSecond: 10, historyMs: 1_000 },
  });
  await withFolder(async (folder) => {
    const urls = ["--ws-url", exchange.wsUrl, "--rest-url", exchange.restUrl];
    isSentence(
      await run("ingest", "BTCUSD", ...urls, "--db", `${folder}/a.db`),
      1,
      /Cannot ingest BTCUSD as the exchange does not list it: did you mean BTCUSDT\?/,
    );
  });
});

Deno.test("ingest says that nobody answers at an address", async () => {
  await withFolder(async (folder) => {
    const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = closed.addr as Deno.NetAddr;
    closed.close();
    isSentence(
      await run(
        "ingest",
        "BTCUSDT",
        "--rest-url",
        `http://127.0.0.1:${port}`,
        "--db",
        `${folder}/a.db`,
      ),
      1,
      /127\.0\.0\.1:\d+.* cannot be reached: the connection was refused/,
    );
    isSentence(
      await run(
        "ingest",
        "BTCUSDT",
        "--rest-url",
        "http://no-such-host.invalid",
        "--db",
        `${folder}/a.db`,
      ),
      1,
      /no-such-host\.invalid.* cannot be reached/,
    );
  });
});

Deno.test("ingest passes on what a geo-block says", async () => {
  const body = '{"code":0,"msg":"Service unavailable from a restricted location"}';
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response(body, { status: 451 }),
  );
  try {
    await withFolder(async (folder) => {
      isSentence(
        await run(
          ...["ingest", "BTCUSDT", "--rest-url", `http://127.0.0.1:${server.addr.port}`] as const,
          ...["--db", `${folder}/a.db`],
        ),
        1,
        /451.*restricted location/,
      );
    });
  } finally {
    await server.shutdown();
  }
});

Deno.test("programs refuse a file that is not theirs, and a second ingest", async () => {
  await using exchange = await startExchange({
    source: { seed: 1, symbols: 2, ratePerSecond: 50, historyMs: 1_000 },
  });
  await withFolder(async (folder) => {
    const ingest = (db: string) =>
      [
        "ingest",
        "--all",
        "--ws-url",
        exchange.wsUrl,
        "--rest-url",
        exchange.restUrl,
        "--db",
        db,
      ] as const;
    const foreign = `${folder}/foreign.db`;
    const db = new DatabaseSync(foreign);
    db.exec("CREATE TABLE theirs (a)");
    db.close();
    isSentence(await run(...ingest(foreign)), 1, /belongs to another program/);
    isSentence(await run("serve", "--db", foreign), 1, /belongs to another program/);
    isSentence(await run("serve", "--db", `${folder}/none.db`), 1, /there is no such file/);
    isSentence(await run("stop", "--db", `${folder}/none.db`), 1, /none is writing/);

    const held = `${folder}/held.db`;
    using _writer = openWriter(held, {
      identity: { pid: 4_711, host: "elsewhere", startedAtMs: 0, simulated: true },
    });
    isSentence(
      await run(...ingest(held)),
      1,
      /another program is writing it \(process 4711 on elsewhere, started 1970/,
    );
    isSentence(
      await run("status", "--db", held),
      1,
      /what writes ".*" now as it is not on this machine, or has just/,
    );
    const gone = { pid: 4_711, url: "http://127.0.0.1:9", token: "none" };
    await Deno.writeTextFile(`${held}.control.json`, JSON.stringify(gone));
    isSentence(await run("stop", "--db", held), 1, /\(process 4711\) as it does not answer/);
  });
});

Deno.test("ingest says that another program holds the lock of its database", async () => {
  await using exchange = await startExchange({
    source: { seed: 1, symbols: 2, ratePerSecond: 50, historyMs: 1_000 },
  });
  await withFolder(async (folder) => {
    const path = `${folder}/a.db`;
    openWriter(path, {
      identity: { pid: 1, host: "here", startedAtMs: 0, simulated: true },
    })[Symbol.dispose]();
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    try {
      isSentence(
        await run(
          ...["ingest", "--all", "--db", path] as const,
          ...["--ws-url", exchange.wsUrl, "--rest-url", exchange.restUrl],
        ),
        1,
        /another program holds its lock/,
      );
    } finally {
      other.close();
    }
  });
});

Deno.test("notebook says that Jupyter is not there and how to get it", async () => {
  await withFolder(async (home) => {
    isSentence(
      // The cache of packages stays where it is: only the search path is empty.
      await runIn({ PATH: home }, "notebook"),
      1,
      /Jupyter is not installed: install it/,
    );
  });
});

Deno.test("programs say that a port is taken", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const port = String((taken.addr as Deno.NetAddr).port);
  isSentence(await run("exchange", "--port", port), 1, /the port is in use: choose another/);
  isSentence(await run("demo", "--port", port), 1, /port \d+ as another program uses it/);
});

Deno.test("the launcher knows its programs", async () => {
  isSentence(await run("ingest", "--nonsense"), 2, /Unknown option '--nonsense'/);
});

Deno.test("a running ingest can be looked at, changed and stopped", async () => {
  await using exchange = await startExchange({
    source: { seed: 1, symbols: 3, ratePerSecond: 300, historyMs: 1_000 },
  });
  await withFolder(async (folder) => {
    const db = `${folder}/a.db`;
    const [first = "", second = ""] = exchange.symbols;
    const detached = await run(
      ...["ingest", first, "--detach", "--db", db, "--warm", "0"] as const,
      ...["--ws-url", exchange.wsUrl, "--rest-url", exchange.restUrl],
    );
    strictEqual(detached.code, 0, detached.err);
    match(detached.out, /Started in the background as process \d+/);
    const status = async () => JSON.parse((await run("status", "--json", "--db", db)).out);
    await until(async () => (await status()).streams[first] === "live");
    isSentence(await run("symbols", "add", second, "--db", db), 0, /^$/);
    await until(async () => (await status()).streams[second] === "live");
    isSentence(await run("symbols", "add", "NOUSDT", "--db", db), 1, /does not list it/);
    match(
      (await run("logs", "--no-follow", "--db", db)).out,
      /Ingesting 1 symbol from/,
    );
    match((await run("status", "--db", db)).out, /SIMULATED/);
    const stopped = await run("stop", "--db", db);
    strictEqual(stopped.code, 0, stopped.err);
    strictEqual((await status()).running, false);
  });
});

Deno.test("a program ends when its launcher is killed", async () => {
  await using exchange = start("exchange", "--json", "--symbols", "2");
  const { restUrl } = await exchange.json<{ restUrl: string }>();
  await exchange.stop("SIGKILL");
  await until(async () => {
    try {
      await (await fetch(`${restUrl}/fapi/v1/ping`)).body?.cancel();
      return false;
    } catch {
      return true;
    }
  }, 10_000);
});

Deno.test("exchange says which fault it does not know, and what is no probability", async () => {
  isSentence(
    await run("exchange", "--fault", "skip=0.1", "--fault", "gremlins=1"),
    2,
    /Cannot inject faults as "gremlins" is not known: choose of drop, .*lifetime/,
  );
  isSentence(
    await run("exchange", "--fault", "skip=2"),
    2,
    /Cannot inject faults as "skip" must be a probability from 0 to 1: current value is "2"/,
  );
});

for (const name of ["feed", "store"]) {
  Deno.test(`${name} says that no server answers, and what to do`, async () => {
    await withFolder(async (folder) => {
      const what = name === "feed" ? ["BTCUSDT"] : ["--db", `${folder}/tandem.db`];
      const result = await run(name, ...what, "--bus", "nats://127.0.0.1:1");
      isSentence(result, 1, /Cannot use the bus at 127\.0\.0\.1:1: .*; start a nats-server with/);
    });
  });
}
