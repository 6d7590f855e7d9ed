import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { readCommandLine } from "../../lib/apps/command_line.ts";
import type { IngestOptions } from "../../lib/apps/ingest.ts";
import { PROGRAMS } from "../../lib/apps/programs.ts";
import type { ServeOptions } from "../../lib/apps/serve.ts";
import { run } from "../support/programs.ts";

/** Reads a command line in a folder that holds a file of settings. */
function readIn(settings: unknown, name: string, ...args: string[]) {
  const working = Deno.makeTempDirSync();
  // The tests as a whole run without a file.
  const outside = Deno.env.get("TANDEM_CONFIG");
  Deno.env.delete("TANDEM_CONFIG");
  try {
    const text = typeof settings === "string" ? settings : JSON.stringify(settings);
    Deno.writeTextFileSync(`${working}/tandem.json`, text);
    const reading = readCommandLine(PROGRAMS.get(name)!, args, { project: "/project", working });
    return { reading, working };
  } finally {
    if (outside !== undefined) Deno.env.set("TANDEM_CONFIG", outside);
    Deno.removeSync(working, { recursive: true });
  }
}

function optionsIn<Options>(settings: unknown, name: string, ...args: string[]): Options {
  const { reading } = readIn(settings, name, ...args);
  ok(reading.kind === "run", JSON.stringify(reading));
  return reading.options as Options;
}

const SETTINGS = {
  "db": "mine.db",
  "port": 9_100,
  "quote": "usdc",
  "ingest": { "quote": "fdusd", "warm": "1h", "redundant": true, "durable": false, "with": "mark" },
};

Deno.test("applySettings() gives options the values of tandem.json in the working folder", () => {
  const { reading, working } = readIn(SETTINGS, "ingest", "BTCUSDT");
  ok(reading.kind === "run");
  const { database, quote, warmMs, redundant, synchronous, recorded } = reading
    .options as IngestOptions;
  deepStrictEqual(
    { database, quote, warmMs, redundant, synchronous, recorded },
    {
      database: `${working}/mine.db`,
      quote: "FDUSD",
      warmMs: 3_600_000,
      redundant: true,
      synchronous: "NORMAL",
      recorded: ["mark"],
    },
  );
  strictEqual(optionsIn<ServeOptions>(SETTINGS, "serve").port, 9_100);
});

Deno.test("--with adds up on a command line, and wins over a setting", () => {
  const recorded = (...args: string[]) =>
    optionsIn<IngestOptions>(SETTINGS, "ingest", "BTCUSDT", ...args).recorded;
  deepStrictEqual(recorded("--with", "mark", "--with", "book"), ["book", "mark"]);
  deepStrictEqual(recorded("--with", "book"), ["book"]);
});

Deno.test("feed and store leave a --with to ingest that is a setting or a variable", () => {
  Deno.env.set("TANDEM_WITH", "book");
  try {
    strictEqual(readIn({ with: "mark" }, "feed", "BTCUSDT").reading.kind, "run");
    strictEqual(readIn({ with: "mark" }, "store").reading.kind, "run");
    const { reading } = readIn({}, "store", "--with", "mark");
    ok(reading.kind === "exit");
    match(reading.err, /Cannot store a log with mark as/);
  } finally {
    Deno.env.delete("TANDEM_WITH");
  }
});

Deno.test("applySettings() lets a flag win over a variable, and that over the file", () => {
  const port = (...args: string[]) => optionsIn<ServeOptions>(SETTINGS, "serve", ...args).port;
  Deno.env.set("TANDEM_PORT", "9200");
  try {
    deepStrictEqual([port(), port("--port", "9300")], [9_200, 9_300]);
  } finally {
    Deno.env.delete("TANDEM_PORT");
  }
  strictEqual(port(), 9_100);
});

Deno.test("applySettings() takes the file that is named instead, and none for an empty name", () => {
  const other = Deno.makeTempFileSync();
  try {
    Deno.writeTextFileSync(other, `{"serve": {"port": 9400}}`);
    strictEqual(optionsIn<ServeOptions>(SETTINGS, "serve", "--config", other).port, 9_400);
    strictEqual(optionsIn<ServeOptions>(SETTINGS, "serve", "--config", "").port, 8_787);
  } finally {
    Deno.removeSync(other);
  }
  const { reading } = readIn({}, "serve", "--config", "gone.json");
  ok(reading.kind === "exit");
  match(reading.err, /^Cannot read the settings in ".*gone.json": there is no such file/);
});

Deno.test.each([
  ["{", /as they are no JSON/],
  [[], /it must be an object/],
  [{ prot: 1 }, /"prot" in ".*" as no program has an option --prot/],
  [{ json: true }, /no program has an option --json that can be a setting/],
  [{ config: "other.json" }, /no program has an option --config that can be a setting/],
  [{ serve: { warm: "1h" } }, /"serve.warm" in ".*" as serve has no option --warm/],
  [{ ingst: { warm: "1h" } }, /settings of "ingst" in ".*" as there is no such program/],
  [{ port: 70_000 }, /"port" in ".*": It must be a whole number from 0 to 65535/],
  [{ port: true }, /"port" in ".*": it must be a text or a number/],
  [{ port: null }, /"port" in ".*": it must be a text, a number/],
  [{ serve: { port: [1] } }, /"serve" in ".*": it must be .* the settings of one program/],
] as [unknown, RegExp][])("applySettings() refuses %j with code 2", (settings, message) => {
  const { reading } = readIn(settings, "serve");
  ok(reading.kind === "exit");
  strictEqual(reading.code, 2);
  match(reading.err, message);
  strictEqual(reading.err.trimEnd().split("\n").length, 2, reading.err);
});

Deno.test("applySettings() checks the settings of every program, whichever is started", () => {
  const { reading } = readIn({ ingest: { port: 1 } }, "status");
  ok(reading.kind === "exit");
  match(reading.err, /"ingest.port" in ".*" as ingest has no option --port/);
});

Deno.test("status reads the file that --config names", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/my.json`, JSON.stringify({ db: `${folder}/none.db` }));
    const { code, err } = await run("status", "--config", `${folder}/my.json`);
    strictEqual(code, 1);
    match(err, /none\.db" as there is no such file/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
