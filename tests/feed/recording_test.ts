import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { readCapture } from "../../lib/exchange/capture_reader.ts";
import { FrameRecorder, type RecordingOptions } from "../../lib/feed/mod.ts";
import { Random } from "../../lib/stats/mod.ts";
import { until } from "../support/programs.ts";

/** 2026-11-22T17:00Z. */
const HOUR_NS = 1_795_366_800_000_000_000n;
const SECOND_NS = 1_000_000_000n;

interface Place {
  readonly folder: string;
  readonly problems: string[];
  readonly start: (options?: Partial<RecordingOptions>) => FrameRecorder;
  /** The text of each file by its name, in alphabetical order. */
  readonly read: () => Record<string, string>;
}

async function inFolder(body: (place: Place) => Promise<void>): Promise<void> {
  const temporary = await Deno.makeTempDir();
  const folder = `${temporary}/raw/frames`;
  const problems: string[] = [];
  const onProblem = (message: string) => void problems.push(message);
  try {
    await body({
      folder,
      problems,
      start: (options) =>
        new FrameRecorder({ folder, name: "venue_market", onProblem, ...options }),
      read: () =>
        Object.fromEntries(
          [...Deno.readDirSync(folder)].map(({ name }) => name).sort().map((name) => [
            name,
            new TextDecoder().decode(gunzipSync(Deno.readFileSync(`${folder}/${name}`))),
          ]),
        ),
    });
  } finally {
    await Deno.remove(temporary, { recursive: true });
  }
}

Deno.test("FrameRecorder begins a file each UTC hour and at each start", () =>
  inFolder(async ({ start, read, problems }) => {
    {
      await using recorder = start();
      recorder.record('{"a":1}', HOUR_NS);
      recorder.record('{"a":2}', HOUR_NS + 3_600n * SECOND_NS - 1n);
      recorder.record('{"a":3}', HOUR_NS + 3_600n * SECOND_NS);
      recorder.record('{"a":4}', HOUR_NS + 5n);
      recorder.record('{"a":5}', HOUR_NS + 7n * 3_600n * SECOND_NS);
    }
    {
      await using recorder = start();
      recorder.record('{"a":6}', HOUR_NS + 6n);
    }
    deepStrictEqual(read(), {
      "venue_market_2026-11-22T17.jsonl.gz":
        '1795366800000000000 {"a":1}\n1795370399999999999 {"a":2}\n',
      "venue_market_2026-11-22T17_2.jsonl.gz": '1795366800000000006 {"a":6}\n',
      "venue_market_2026-11-22T18.jsonl.gz":
        '1795370400000000000 {"a":3}\n1795366800000000005 {"a":4}\n',
      "venue_market_2026-11-23T00.jsonl.gz": '1795392000000000000 {"a":5}\n',
    });
    deepStrictEqual(problems, []);
  }));

Deno.test("FrameRecorder keeps a frame on one line, whatever it holds", () =>
  inFolder(async ({ start, read }) => {
    {
      await using recorder = start();
      recorder.record('{"s":"牛来USDT",\r\n"p":"0\u0000"', HOUR_NS);
      recorder.record("", HOUR_NS + 1n);
    }
    deepStrictEqual(Object.values(read()), [
      '1795366800000000000 {"s":"牛来USDT",  "p":"0\u0000"\n1795366800000000001 \n',
    ]);
  }));

Deno.test("FrameRecorder writes many frames in order, on the way and at the end", () =>
  inFolder(async ({ folder, start, problems }) => {
    const random = new Random("frames");
    const frames = Array.from({ length: 40_000 }, (_, k) => `{"k":${k},"p":${random.uniform()}}`);
    {
      await using recorder = start({ flushMs: 3_600_000 });
      for (const [k, frame] of frames.entries()) {
        recorder.record(frame, HOUR_NS + BigInt(k));
        if (k % 1_000 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
      }
      const [file] = Deno.readDirSync(folder);
      ok(Deno.statSync(`${folder}/${file!.name}`).size > 100_000, "full chunks need no flush");
    }
    const [file] = Deno.readDirSync(folder);
    const lines = (await Array.fromAsync(readCapture(`${folder}/${file!.name}`))).flat();
    deepStrictEqual(lines.map((line) => line?.json), frames);
    deepStrictEqual(problems, []);
  }));

Deno.test("FrameRecorder leaves a file that is whole up to the last flush wherever it is cut", () =>
  inFolder(async ({ folder, start }) => {
    const random = new Random("cuts");
    const frames: string[] = [];
    /** After each flush: how many bytes the file has, and how many frames are in them. */
    const flushes: { bytes: number; frames: number }[] = [{ bytes: 0, frames: 0 }];
    const path = `${folder}/venue_market_2026-11-22T17.jsonl.gz`;
    const size = () => {
      try {
        return Deno.statSync(path).size;
      } catch {
        return 0;
      }
    };
    let left: Uint8Array<ArrayBuffer>;
    {
      await using recorder = start({ flushMs: 5 });
      for (let flush = 0; flush < 12; flush++) {
        const before = size();
        for (let k = Math.floor(40 * random.uniform()); k >= 0; k--) {
          frames.push(`{"k":${frames.length},"p":"${random.uniform()}"}`);
          recorder.record(frames.at(-1)!, HOUR_NS + BigInt(frames.length));
        }
        await until(() => size() > before);
        flushes.push({ bytes: size(), frames: frames.length });
      }
      left = Deno.readFileSync(path);
    }
    strictEqual(size(), left.length, "closing adds nothing where nothing waits");
    const cuts = Array.from({ length: 200 }, () => Math.ceil(left.length * random.uniform()));
    for (const cut of [...cuts, ...flushes.slice(1).map(({ bytes }) => bytes)]) {
      await Deno.writeFile(path, left.subarray(0, cut));
      const read = (await Array.fromAsync(readCapture(path))).flat().map((line) => line?.json);
      const whole = flushes.findLast(({ bytes }) => bytes <= cut)!.frames;
      deepStrictEqual(read.slice(0, whole), frames.slice(0, whole), `cut at ${cut}`);
    }
  }));

Deno.test("FrameRecorder leaves out, counts and tells what a slow disk has no time for", () =>
  inFolder(async ({ start, read, problems }) => {
    const line = (k: number) => `${HOUR_NS + BigInt(k)} {"k":${10 + k}}\n`;
    const capacityBytes = 50 * line(0).length;
    {
      await using recorder = start({ capacityBytes });
      // Nothing can be written before this loop ends.
      for (let k = 0; k < 80; k++) recorder.record(`{"k":${10 + k}}`, HOUR_NS + BigInt(k));
      strictEqual(recorder.leftOut, 30);
      deepStrictEqual(problems, [
        "Frames are left out of the recording as the disk is slower than the feed",
      ]);
    }
    deepStrictEqual(problems.slice(1), ["30 frames were left out of the recording"]);
    deepStrictEqual(Object.values(read()), [
      Array.from({ length: 50 }, (_, k) => line(k)).join(""),
    ]);
  }));

Deno.test("FrameRecorder tells once that it cannot write, and tries again at the next hour", () =>
  inFolder(async ({ folder, start, read, problems }) => {
    const parent = folder.slice(0, folder.lastIndexOf("/"));
    Deno.writeTextFileSync(parent, "in the way");
    {
      await using recorder = start({ flushMs: 1 });
      recorder.record("{}", HOUR_NS);
      recorder.record("{}", HOUR_NS + 1n);
      await until(() => problems.length > 0);
      recorder.record("{}", HOUR_NS + 2n);
      strictEqual(recorder.leftOut, 3);
      Deno.removeSync(parent);
      recorder.record('{"a":1}', HOUR_NS + 3_600n * SECOND_NS);
      await until(() => problems.length > 1);
      recorder.record('{"a":2}', HOUR_NS + 3_601n * SECOND_NS);
    }
    match(
      problems[0]!,
      /^Cannot record to .*frames: .+; everything else goes on, and recording is tried again at 2026-11-22T18:00 UTC$/,
    );
    deepStrictEqual(problems.slice(1), ["3 frames were left out of the recording"]);
    deepStrictEqual(read(), {
      "venue_market_2026-11-22T18.jsonl.gz":
        '1795370400000000000 {"a":1}\n1795370401000000000 {"a":2}\n',
    });
  }));

Deno.test("FrameRecorder makes no file without a frame and can be disposed twice", () =>
  inFolder(async ({ folder, start, read }) => {
    const idle = start();
    await idle[Symbol.asyncDispose]();
    ok(!(await Deno.lstat(folder).then(() => true, () => false)));
    const recorder = start({ flushMs: 1 });
    recorder.record("{}", HOUR_NS);
    const both = [recorder[Symbol.asyncDispose](), recorder[Symbol.asyncDispose]()];
    await Promise.all(both);
    deepStrictEqual(Object.values(read()), [`${HOUR_NS} {}\n`]);
  }));
