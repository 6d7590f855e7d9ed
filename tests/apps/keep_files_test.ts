import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { keepFiles } from "../../lib/apps/serve/keep_files.ts";
import { packZip } from "../../lib/files/mod.ts";
import { type HubOptions, type ImportAnswer, startHub } from "../../lib/live/mod.ts";
import { isLeased, openReader } from "../../lib/store/mod.ts";
import { Market } from "../live/support/market.ts";
import { run, start } from "../support/programs.ts";
import { withIngest } from "./support/with_ingest.ts";

const CSV = [
  "Date;Open;High;Low;Close;Volume",
  "2026-01-05 00:00;1,0;2,0;1,0;2,0;10",
  "2026-01-05 00:01;2,0;3,0;2,0;3,0;10",
  "2026-01-05 00:02;2,0;1,0;2,0;3,0;10",
  "2026-01-05 00:03;3,0;4,0;3,0;4,0;10",
].join("\n");

interface Answer extends ImportAnswer {
  readonly status: number;
  readonly error?: { readonly code: string; readonly message: string };
}

async function send(
  url: string,
  query: string,
  body: BodyInit,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(new URL(`api/files?${query}`, url), {
    method: "POST",
    headers: { "content-type": "application/octet-stream", ...headers },
    body,
  });
  return { status: response.status, ...await response.json() };
}

/** Runs a test against a hub that keeps files in the database of a market. */
async function withKeeper(
  body: (url: string, market: Market) => Promise<void>,
  options: Partial<HubOptions> = {},
): Promise<void> {
  using market = new Market();
  market.add(3);
  market.release();
  const stop = new AbortController();
  const actions = {
    changeAlerts: () => Promise.resolve([]),
    files: keepFiles(market.path, 20_000, stop.signal),
  };
  await using hub = await startHub({ open: market.open, actions, ...options });
  await body(hub.url, market);
}

Deno.test("a file that is sent is stored without an ingest, told row by row, and once", async () => {
  await withKeeper(async (url, market) => {
    const { tables, refused, problems, byIngest } = await send(url, "name=ADAUSDT-1m.csv", CSV);
    deepStrictEqual([problems, byIngest], [[], false]);
    const [table] = tables;
    deepStrictEqual(
      [table!.format, table!.rows, table!.stored, table!.refused, table!.intervalMs],
      ["bars", 4, 3, 1, 60_000],
    );
    strictEqual(table!.columns.time, "Date");
    match(table!.sentences.join("\n"), /decimal commas.*without one, taken as UTC.*3 bars stored/s);
    deepStrictEqual(refused.map(({ line, reason }) => [line, reason]), [
      [4, "its high is not its highest price"],
    ]);
    strictEqual(isLeased(market.path), false, "the lease is given back");
    using reader = openReader(market.path);
    const bars = reader.bars({ symbol: "ADAUSDT", intervalMs: 60_000 });
    deepStrictEqual(bars.map(({ close }) => close), [2, 3, 4]);
    strictEqual(reader.heartbeat()?.simulated, true, "a simulated database stays one");
    const again = await send(url, "name=ADAUSDT-1m.csv.gz", new Uint8Array(gzipSync(CSV)));
    strictEqual(again.tables[0]!.stored, 0);
    deepStrictEqual(reader.bars({ symbol: "ADAUSDT", intervalMs: 60_000 }), bars);
    const zip = await send(
      url,
      "name=prices.zip&symbol=xrpusdt&zone=Europe/Berlin",
      await packZip("a.csv", CSV),
    );
    strictEqual(zip.tables[0]!.name, "prices.zip/a.csv");
    strictEqual(
      reader.bars({ symbol: "XRPUSDT", intervalMs: 60_000 })[0]!.openTimeMs,
      Date.parse("2026-01-04T23:00:00Z"),
    );
    const left = [...Deno.readDirSync(market.path.replace(/\/[^/]*$/, ""))].map((e) => e.name);
    deepStrictEqual(left.filter((name) => name.endsWith(".upload")), []);
  });
});

Deno.test("POST /api/files refuses what it must, each with a reason, and stores nothing of it", async () => {
  await withKeeper(async (url, market) => {
    const long = new Blob([CSV.repeat(200)]).stream();
    const cases: [Promise<Answer>, string, RegExp][] = [
      [
        send(url, "name=a.csv", CSV, { "content-type": "text/csv" }),
        "415 not_bytes",
        /octet-stream/,
      ],
      [send(url, "name=a.csv", CSV.repeat(200)), "413 too_large", /more than 0 MB/],
      [send(url, "name=a.csv", long), "413 too_large", /deno task import/],
      [send(url, "", CSV), "400 bad_request", /"name" is missing/],
      [send(url, "name=../a.csv", CSV), "400 bad_request", /"name"/],
      [send(url, "name=a.csv&zone=Mars", CSV), "400 bad_request", /"zone" must be a zone/],
      [send(url, "name=a.csv&interval=x", CSV), "400 bad_request", /"interval" must look like/],
      [
        send(url, "name=a.csv", CSV, { origin: "https://elsewhere.example" }),
        "403 wrong_origin",
        /elsewhere/,
      ],
    ];
    for (const [answer, expected, sentence] of cases) {
      const { status, error } = await answer;
      strictEqual(`${status} ${error?.code}`, expected);
      match(error!.message, sentence);
    }
    for (
      const [query, content, problem] of [
        ["name=prices.csv", CSV, /^prices.csv: Cannot read bars as no column holds the symbol/],
        ["name=ADAUSDT.csv", "hello\nworld\n", /^ADAUSDT.csv: Cannot/],
        ["name=ADAUSDT.csv.gz", new Uint8Array([31, 139, 8, 0, 1]), /gzip data is damaged/],
      ] as const
    ) {
      const { status, problems } = await send(url, query, content);
      strictEqual(status, 200);
      match(problems[0]!, problem);
    }
    const empty = await send(url, "name=ADAUSDT.csv", "");
    match(empty.tables[0]!.sentences.join(), /empty, nothing to import/);
    using reader = openReader(market.path);
    strictEqual(reader.symbols().length, 3);
  });
});

Deno.test("a hub that only reads takes no file, and one with a token none without it", async () => {
  using market = new Market();
  market.add(3);
  await using reading = await startHub({ open: market.open });
  strictEqual((await send(reading.url, "name=a.csv", CSV)).error?.code, "read_only");
  deepStrictEqual(await (await fetch(`${reading.url}api/files`)).json(), {
    ...{ canKeep: false, mostBytes: 0 },
  });
  await withKeeper(async (url) => {
    const bare = url.replace(/t\/.*/, "");
    strictEqual((await send(bare, "name=ADAUSDT.csv", CSV)).status, 401);
    strictEqual((await send(url, "name=ADAUSDT.csv", CSV)).tables[0]!.stored, 3);
  }, { token: "secret" });
});

Deno.test("only one file is taken at a time, and one that is broken off leaves nothing", async () => {
  await withKeeper(async (url, market) => {
    const sending = Promise.withResolvers<void>();
    const giveUp = new AbortController();
    const slow = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(CSV)),
      pull: () => sending.promise,
    });
    const first = fetch(new URL("api/files?name=ADAUSDT.csv", url), {
      method: "POST",
      headers: { "content-type": "application/octet-stream" },
      body: slow,
      signal: giveUp.signal,
    }).then(() => "kept", () => "broken off");
    const folder = market.path.replace(/\/[^/]*$/, "");
    const isThere = () => [...Deno.readDirSync(folder)].some((e) => e.name.endsWith(".upload"));
    while (!isThere()) await new Promise((resolve) => setTimeout(resolve, 10));
    const { status, error } = await send(url, "name=XRPUSDT.csv", CSV);
    deepStrictEqual([status, error?.code], [409, "busy"]);
    giveUp.abort();
    strictEqual(await first, "broken off");
    sending.resolve();
    while (isThere()) await new Promise((resolve) => setTimeout(resolve, 10));
    strictEqual((await send(url, "name=XRPUSDT.csv", CSV)).tables[0]!.stored, 3);
    using reader = openReader(market.path);
    ok(!reader.symbols().some(({ symbol }) => symbol === "ADAUSDT"));
  });
});

Deno.test("while an ingest writes the database, it stores what is sent", async () => {
  await withIngest({}, async ({ database, until }) => {
    const actions = {
      changeAlerts: () => Promise.resolve([]),
      files: keepFiles(database, 1e9, new AbortController().signal),
    };
    await using hub = await startHub({ open: () => openReader(database), actions });
    const answer = await send(hub.url, "name=ADAUSDT-1m.csv", CSV);
    deepStrictEqual([answer.byIngest, answer.problems, answer.tables[0]!.stored], [true, [], 3]);
    using reader = openReader(database);
    deepStrictEqual(
      reader.bars({ symbol: "ADAUSDT", intervalMs: 60_000 }).map(({ close }) => close),
      [2, 3, 4],
    );
    strictEqual((await send(hub.url, "name=ADAUSDT-1m.csv", CSV)).tables[0]!.stored, 0);
    const stored = () => reader.trades({ symbol: "BTCUSDT" }).length;
    const before = stored();
    await until("the ingest goes on", () => stored() > before);
  });
});

Deno.test("serve keeps a file with the permissions it has, and none with --read-only", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [file, db] = [`${folder}/DOGEUSDT.csv`, `${folder}/tandem.db`];
    Deno.writeTextFileSync(file, CSV);
    strictEqual((await run("import", file, "--db", db)).code, 0);
    for (const flag of ["--max-upload=1MB", "--read-only"]) {
      await using serve = start("serve", "--db", db, "--port", "0", "--json", flag);
      const { url } = await serve.json<{ url: string }>();
      const { status, tables } = await send(url, "name=ADAUSDT.csv", CSV);
      strictEqual(status, flag === "--read-only" ? 403 : 200);
      if (status === 200) strictEqual(tables[0]!.stored, 3);
      strictEqual(await serve.stop(), 0);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
