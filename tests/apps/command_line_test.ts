import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { Command } from "commander";
import config from "../../deno.json" with { type: "json" };
import { counted } from "../../lib/apps/counted.ts";
import { readCommandLine } from "../../lib/apps/command_line.ts";
import { permissionFlags } from "../../lib/apps/permissions.ts";
import { PROGRAMS } from "../../lib/apps/programs.ts";
import type { IngestOptions } from "../../lib/apps/ingest.ts";
import { KEEP_ALL } from "../../lib/apps/retention_options.ts";
import { withServer } from "../../lib/apps/store_access.ts";

const place = { project: "/project", working: "/home/user" };

/** What some programs cannot do without. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  backfill: ["BTCUSDT", "--from", "1h"],
  backtest: ["ETHUSDT", "BTCUSDT"],
  backup: ["copy.db"],
  export: ["trades", "BTCUSDT", "--out", "trades.csv"],
  import: ["bars.csv"],
  ingest: ["BTCUSDT"],
  migrate: ["a.db"],
  restore: ["copy.db"],
};

function read(name: string, ...args: string[]) {
  return readCommandLine(PROGRAMS.get(name)!, args, place);
}

Deno.test("counted() names one thing in the singular", () => {
  deepStrictEqual([0, 1, 2].map((n) => counted(n, "symbol")), [
    "0 symbols",
    "1 symbol",
    "2 symbols",
  ]);
});

Deno.test("every option that has a value also has a name in the environment", () => {
  for (const [name, program] of PROGRAMS) {
    const command = new Command();
    program.describe(command);
    // Those that are not in the help are there to be refused.
    const told = command.options.filter(({ flags, hidden }) => /[<[]/.test(flags) && !hidden);
    for (const one of told) {
      const wanted = `TANDEM_${one.name().replaceAll("-", "_").toUpperCase()}`;
      strictEqual(one.envVar, wanted, `${one.flags} of ${name}`);
    }
  }
});

for (const name of PROGRAMS.keys()) {
  Deno.test(`readCommandLine() shows help with an example for ${name}`, () => {
    const reading = read(name, "--help");
    ok(reading.kind === "exit");
    strictEqual(reading.code, 0);
    match(reading.out, new RegExp(`Usage: deno task ${name}`));
    match(reading.out, /Examples?:/);
  });

  Deno.test(`readCommandLine() refuses a flag that ${name} does not know with code 2`, () => {
    const reading = read(name, "--no-such-flag");
    ok(reading.kind === "exit");
    strictEqual(reading.code, 2);
    match(reading.err, /^Unknown option '--no-such-flag'/);
    match(reading.err, new RegExp(`Try "deno task ${name} --help"`));
  });
}

Deno.test.each([
  [["ingest"], /no symbol is named/],
  [["ingest", "BTC USDT"], /not a symbol such as/],
  [["ingest", "BTCUSDT", "--stream", "kline"], /Allowed choices are aggTrade, trade/],
  [["ingest", "BTCUSDT", "--ws-url", "https://x"], /starts with ws:\/\/ or wss:\/\//],
  [["ingest", "BTCUSDT", "--streams-per-socket", "1001"], /a whole number from 1 to 1000/],
  [["ingest", "BTCUSDT", "--duration", "soon"], /It must look like "30s"/],
  [["serve", "--port", "70000"], /whole number from 0 to 65535/],
  [["serve", "--host", "no host"], /an address of this machine/],
  [["screen", "--from", "2026-02-30"], /It must be a time/],
  [["exchange", "--rate", "0"], /greater than 0/],
  [["exchange", "--speed", "2"], /without --replay/],
  [["symbols", "swap", "BTCUSDT"], /choose add or remove/],
  [["symbols", "add"], /no symbol is named/],
] as [string[], RegExp][])("readCommandLine() refuses %s", ([name, ...args], message) => {
  const reading = read(name!, ...args);
  ok(reading.kind === "exit");
  strictEqual(reading.code, 2);
  match(reading.err, message);
  strictEqual(reading.err.trimEnd().split("\n").length, 2, reading.err);
});

Deno.test("readCommandLine() reads ingest's options with their defaults", () => {
  const reading = read("ingest", "btcusdt", "ETHUSDT", "BTCUSDT", "--db", "x/a.db");
  ok(reading.kind === "run");
  deepStrictEqual(
    reading.options,
    {
      symbols: ["BTCUSDT", "ETHUSDT"],
      all: false,
      quote: "USDT",
      database: "/home/user/x/a.db",
      streamKind: "aggTrade",
      wsUrl: "wss://fstream.binance.com",
      ccxtUrl: "http://127.0.0.1:8790",
      bybitRestUrl: "https://api.bybit.com",
      bybitWsUrl: "wss://stream.bybit.com",
      okxRestUrl: "https://www.okx.com",
      okxWsUrl: "wss://ws.okx.com:8443",
      restUrl: "https://fapi.binance.com",
      symbolsPerSocket: 200,
      redundant: false,
      rotateMs: 82_800_000,
      refreshMs: 3_600_000,
      warmMs: 600_000,
      durationMs: null,
      synchronous: "NORMAL",
      recorded: [],
      recordFolder: null,
      alerts: null,
      logFile: null,
      retention: KEEP_ALL,
      healthPort: null,
      healthHost: "127.0.0.1",
    } satisfies IngestOptions,
  );
});

Deno.test("readCommandLine() lets a flag win over its environment variable", () => {
  Deno.env.set("TANDEM_DB", "env.db");
  try {
    const database = (...args: string[]) => {
      const reading = read("ingest", "BTCUSDT", ...args);
      return reading.kind === "run" && (reading.options as IngestOptions).database;
    };
    strictEqual(database(), "/home/user/env.db");
    strictEqual(database("--db", "flag.db"), "/home/user/flag.db");
  } finally {
    Deno.env.delete("TANDEM_DB");
  }
});

/** Programs that copy database files; a server has tools of its own for that. */
const ONLY_FILES: readonly string[] = ["backup", "restore"];

Deno.test("every program with --db takes a server, may reach it, and does not repeat its password", () => {
  for (const [name, program] of PROGRAMS) {
    const command = new Command();
    program.describe(command);
    if (!command.options.some(({ long }) => long === "--db")) continue;
    const reading = read(name, ...(WORDS[name] ?? []), "--db", "postgres://me:secret@db/tandem");
    if (ONLY_FILES.includes(name)) {
      ok(reading.kind === "exit", name);
      match(reading.err, /on a server this way: use pg_/, name);
      ok(!reading.err.includes("secret"), name);
      continue;
    }
    ok(reading.kind === "run", name);
    ok(!JSON.stringify(reading.options).includes("secret"), name);
    strictEqual(Deno.env.get("PGPASSWORD"), "secret");
    Deno.env.delete("PGPASSWORD");
    const { net, read: readable, env, write } = withServer(
      program.permissions(reading.options, place),
      reading.options,
      place,
    );
    ok(net?.includes("db:5432"), name);
    ok(env === true || env?.includes("PGPASSWORD"), name);
    ok(readable === true || readable?.includes("/project/lib"), name);
    ok(write === undefined || write.every((path) => path.startsWith("/")), name);
  }
});

Deno.test("a URL of a server that makes no sense is refused without its password", () => {
  for (
    const url of [
      "postgres://:secret@db/x",
      "postgres://me:secret@db",
      "postgres://me:secret@db/x?a=b",
    ]
  ) {
    const reading = read("status", "--db", url);
    ok(reading.kind === "exit");
    match(reading.err, /^Cannot use this PostgreSQL URL/);
    ok(!reading.err.includes("secret"));
    strictEqual(reading.code, 2);
  }
});

Deno.test("ingest may reach only its exchange and write only the folder of its database", () => {
  const reading = read("ingest", "BTCUSDT", "--ws-url", "ws://127.0.0.1:9000/", "--db", "x/a.db");
  ok(reading.kind === "run");
  deepStrictEqual(
    permissionFlags("ingest", PROGRAMS.get("ingest")!.permissions(reading.options, place), place),
    [
      "--no-prompt",
      "--allow-net=127.0.0.1:9000,fapi.binance.com:443,127.0.0.1:0",
      "--allow-read=/home/user/x,/project/lib",
      "--allow-write=/home/user/x",
      "--allow-sys=hostname",
    ],
  );
});

Deno.test("ingest may also write the folder it is told to record in", () => {
  const reading = read("ingest", "BTCUSDT", "--db", "x/a.db", "--record", "x/frames");
  ok(reading.kind === "run");
  strictEqual((reading.options as IngestOptions).recordFolder, "/home/user/x/frames");
  const { read: readable, write } = PROGRAMS.get("ingest")!.permissions(reading.options, place);
  deepStrictEqual(readable, ["/home/user/x", "/project/lib"]);
  deepStrictEqual(write, ["/home/user/x", "/home/user/x/frames"]);
});

Deno.test("serve reaches no host but this machine and writes where its database is, or nothing", () => {
  for (const args of [[], ["--read-only"]]) {
    const reading = read("serve", "--port", "9001", ...args);
    ok(reading.kind === "run");
    deepStrictEqual(
      permissionFlags("serve", PROGRAMS.get("serve")!.permissions(reading.options, place), place),
      [
        "--no-prompt",
        "--allow-net=127.0.0.1:9001,127.0.0.1",
        "--allow-read=/project/data,/project/lib/live",
        ...(args.length > 0 ? [] : ["--allow-write=/project/data", "--allow-sys=hostname"]),
      ],
    );
  }
});

/** What a program cannot do without. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  ingest: ["BTCUSDT"],
  migrate: ["a.db"],
  backfill: ["BTCUSDT", "--from", "1h"],
  backtest: ["ETHUSDT", "BTCUSDT"],
};

for (const name of Object.keys(config.permissions)) {
  Deno.test(`the permission set "${name}" is what ${name} needs without options`, () => {
    const reading = read(name, ...(NEEDED[name] ?? []));
    ok(reading.kind === "run");
    deepStrictEqual(
      permissionFlags(name, PROGRAMS.get(name)!.permissions(reading.options, place), place),
      ["--no-prompt", `-P=${name}`],
    );
  });
}

for (const host of ["::1", "[::1]"]) {
  Deno.test(`serve listens on ${host} of IPv6, as permissions write it, without a token`, () => {
    const reading = read("serve", "--host", host);
    ok(reading.kind === "run");
    const { hostname, token } = reading.options as { hostname: string; token: string | null };
    deepStrictEqual([hostname, token], ["::1", null]);
    const { net } = PROGRAMS.get("serve")!.permissions(reading.options, place);
    deepStrictEqual(net, ["[::1]:8787", "127.0.0.1"]);
  });
}

Deno.test("serve makes up a token for an address that others can reach", () => {
  const token = (...args: string[]) => {
    const reading = read("serve", ...args);
    return reading.kind === "run" ? (reading.options as { token: string | null }).token : undefined;
  };
  strictEqual(token(), null);
  match(token("--host", "0.0.0.0") ?? "", /^[0-9a-f-]{36}$/);
  strictEqual(token("--host", "0.0.0.0", "--token", "mine"), "mine");
});
