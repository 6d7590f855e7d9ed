import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { capturedFrame, capturedStream, capturedTrade } from "../../lib/exchange/capture_frame.ts";
import { mergeCaptures, readCapture } from "../../lib/exchange/capture_reader.ts";
import { summariseCapture } from "../../lib/exchange/capture_summary.ts";

const NS = 1_721_347_020_000_000_000n;

function line(ns: number, json: string): string {
  return `${NS + BigInt(ns)} ${json}`;
}

function trade(symbol: string, id: number, price: string, eventTimeMs = 1_000): string {
  return `{"stream":"${symbol.toLowerCase()}@trade","data":{"e":"trade","E":${eventTimeMs},` +
    `"T":${eventTimeMs},"s":"${symbol}","t":${id},"p":"${price}","q":"0.5","X":"MARKET","m":true}}`;
}

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("readCapture() reads plain, gzipped and joined gzip files alike", () =>
  inFolder(async (folder) => {
    const lines = Array.from({ length: 5_000 }, (_, i) => line(i, trade("BTCUSDT", i, "1.5")));
    const text = lines.join("\n") + "\n";
    const half = lines.slice(0, 2_500).join("\n") + "\n";
    const rest = text.slice(half.length);
    await Deno.writeTextFile(`${folder}/plain`, text);
    await Deno.writeTextFile(`${folder}/unended`, text.trimEnd());
    await Deno.writeTextFile(`${folder}/windows`, text.replaceAll("\n", "\r\n"));
    await Deno.writeFile(`${folder}/zipped.gz`, gzipSync(text));
    const members = [...gzipSync(half), ...gzipSync(rest)];
    await Deno.writeFile(`${folder}/joined.gz`, new Uint8Array(members));
    for (const name of ["plain", "unended", "windows", "zipped.gz", "joined.gz"]) {
      const entries = (await Array.fromAsync(readCapture(`${folder}/${name}`))).flat();
      deepStrictEqual(entries.map((e) => `${e?.localNs} ${e?.json}`), lines, name);
    }
  }));

Deno.test("readCapture() marks lines without a local time and refuses damaged files", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/odd`, `hello\n\n12 {}\n${line(0, "{}")}\n`);
    const entries = (await Array.fromAsync(readCapture(`${folder}/odd`))).flat();
    deepStrictEqual(entries, [null, null, null, { localNs: String(NS), json: "{}" }]);
    const damaged = gzipSync(line(0, "{}"));
    damaged[damaged.length - 6]! ^= 1;
    await Deno.writeFile(`${folder}/bad.gz`, damaged);
    await rejects(Array.fromAsync(readCapture(`${folder}/bad.gz`)), /Cannot replay ".*bad\.gz"/);
  }));

Deno.test("readCapture() reads a gzipped file that was cut off as far as it goes", () =>
  inFolder(async (folder) => {
    const lines = Array.from({ length: 40 }, (_, i) => line(i, `{"price":${(i * 7919) % 997}}`));
    const members = [lines.slice(0, 20), lines.slice(20)].map((part) =>
      gzipSync(part.join("\n") + "\n")
    );
    const bytes = new Uint8Array(members.flatMap((member) => [...member]));
    for (let length = members[0]!.length; length <= bytes.length; length += 3) {
      await Deno.writeFile(`${folder}/cut.gz`, bytes.subarray(0, length));
      const entries = (await Array.fromAsync(readCapture(`${folder}/cut.gz`))).flat();
      const read = entries.map((e) => `${e?.localNs} ${e?.json}`);
      ok(read.length >= 20, `${read.length} lines of a file of ${length} bytes`);
      deepStrictEqual(read.slice(0, -1), lines.slice(0, read.length - 1));
      strictEqual(read[19], lines[19]);
    }
  }));

Deno.test("mergeCaptures() plays files in order of local time, each line once", () =>
  inFolder(async (folder) => {
    const write = async (name: string, times: readonly number[]) => {
      const path = `${folder}/${name}`;
      await Deno.writeTextFile(path, times.map((t) => line(t, `{"from":"${name}"}`)).join("\n"));
      return { path, firstNs: String(NS + BigInt(times[0]!)) };
    };
    const files = [
      await write("later", [50, 60, 70]),
      await write("a", [1, 4, 55]),
      await write("b", [2, 3, 65]),
    ];
    const merged = await Array.fromAsync(mergeCaptures(files));
    const told = merged.map(({ localNs, json }) => [
      Number(BigInt(localNs) - NS),
      JSON.parse(json).from,
    ]);
    deepStrictEqual(told, [
      [1, "a"],
      [2, "b"],
      [3, "b"],
      [4, "a"],
      [50, "later"],
      [55, "a"],
      [60, "later"],
      [65, "b"],
      [70, "later"],
    ]);
  }));

Deno.test("capturedFrame() reads the usual form without parsing it, and any other by parsing", () => {
  const usual = trade("BTCUSDT", 7, "1.5", 1_234);
  const frame = capturedFrame(usual)!;
  deepStrictEqual([frame.stream, frame.type, frame.eventTimeMs], ["btcusdt@trade", "trade", 1_234]);
  strictEqual(`{"stream":"btcusdt@trade","data":${frame.payload}}`, usual);
  deepStrictEqual(capturedFrame('{"data":{"E":5,"e":"x"},"stream":"a@x"}'), {
    stream: "a@x",
    type: "x",
    payload: '{"E":5,"e":"x"}',
    eventTimeMs: 5,
  });
  strictEqual(capturedFrame('{"stream":"!markPrice@arr","data":[{"E":9}]}')?.eventTimeMs, 9);
  for (const other of ['{"lastUpdateId":1,"bids":[]}', "[]", "null", "no JSON", '{"stream":1}']) {
    strictEqual(capturedFrame(other), null, other);
  }
  strictEqual(capturedFrame(usual.slice(0, -1)), null);
});

Deno.test("capturedStream() finds the symbol and the class in the name", () => {
  deepStrictEqual(capturedStream("btcusdt@depth@0ms"), {
    name: "btcusdt@depth@0ms",
    streamClass: "public",
    symbol: "BTCUSDT",
  });
  strictEqual(capturedStream("!markPrice@arr").symbol, null);
});

Deno.test("capturedTrade() tells trades of the market from others", () => {
  const payload = (changes: Record<string, unknown>) => {
    const fields = { T: 5, t: 9, p: "1.50", q: "2", X: "MARKET", m: false };
    return JSON.stringify({ ...fields, ...changes });
  };
  strictEqual(capturedTrade(payload({}))?.isMarket, true);
  strictEqual(capturedTrade(payload({ X: "NA", p: "0", q: "0" }))?.isMarket, false);
  strictEqual(capturedTrade(payload({ X: "INSURANCE_FUND" }))?.isMarket, false);
  strictEqual(capturedTrade(payload({ q: "0" }))?.isMarket, false);
  for (const changes of [{ t: null }, { p: 1.5 }, { p: "1e5" }, { T: "5" }, { m: 1 }]) {
    strictEqual(capturedTrade(payload(changes)), null);
  }
  const aggregate = capturedTrade('{"a":3,"f":10,"l":12,"T":5,"p":"1.5","q":"2","m":true}');
  deepStrictEqual([aggregate?.id, aggregate?.firstId, aggregate?.lastId], [3, 10, 12]);
});

Deno.test("summariseCapture() learns streams, precision and the first exchange time", () =>
  inFolder(async (folder) => {
    const late = [line(9, trade("ETHUSDT", 1, "3424.98", 90))];
    const early = [
      line(1, '{"lastUpdateId":1}'),
      line(2, trade("BTCUSDT", 1, "63943.9", 20)),
      line(3, trade("BTCUSDT", 2, "63943.95", 30)),
    ];
    await Deno.writeTextFile(`${folder}/late`, late.join("\n"));
    await Deno.writeTextFile(`${folder}/early`, early.join("\n"));
    const paths = ["late", "early", "late"].map((name) => `${folder}/${name}`);
    const summary = await summariseCapture(paths);
    strictEqual(summary.files.length, 2);
    strictEqual(summary.firstEventMs, 20);
    strictEqual(summary.skippedLines, 1);
    deepStrictEqual([...summary.streams.keys()].sort(), ["btcusdt@trade", "ethusdt@trade"]);
    deepStrictEqual(summary.contracts.map((c) => [c.symbol, c.pricePrecision]), [
      ["BTCUSDT", 2],
      ["ETHUSDT", 2],
    ]);
  }));

Deno.test("summariseCapture() keeps rows of REST apart from frames", () =>
  inFolder(async (folder) => {
    const row = (a: number, p: string) => ({ a, p, q: "2", f: a, l: a, T: 5, m: true });
    const rows = { stream: "btcusdt@aggTrades", data: [row(7, "1.25"), null, row(8, "1.5"), {}] };
    const lines = [line(1, JSON.stringify(rows)), line(2, trade("BTCUSDT", 1, "1.5", 20))];
    await Deno.writeTextFile(`${folder}/frames`, lines.join("\n"));
    const { streams, restRows, contracts, skippedLines } = await summariseCapture([
      `${folder}/frames`,
    ]);
    deepStrictEqual([...streams.keys()], ["btcusdt@trade"]);
    deepStrictEqual(restRows.get("BTCUSDT")?.map(({ id, price }) => [id, price]), [
      [7, "1.25"],
      [8, "1.5"],
    ]);
    deepStrictEqual([contracts[0]?.pricePrecision, skippedLines], [2, 0]);
  }));

Deno.test("summariseCapture() refuses files that are missing or hold no frame", () =>
  inFolder(async (folder) => {
    await rejects(summariseCapture([`${folder}/none`]), /Cannot replay ".*none"/);
    await Deno.writeTextFile(`${folder}/empty`, "hello\n");
    await rejects(summariseCapture([`${folder}/empty`]), /holds no line/);
    await rejects(summariseCapture([]), /no captured frame/);
  }));
