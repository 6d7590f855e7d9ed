import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { readCommandLine } from "../../lib/apps/command_line.ts";
import { ingest, type IngestOptions } from "../../lib/apps/ingest.ts";
import { KEEP_ALL } from "../../lib/apps/retention_options.ts";

const place = { project: "/project", working: "/project" };
const DAY_MS = 86_400_000;

function read(...args: string[]) {
  return readCommandLine(ingest, ["BTCUSDT", ...args], place);
}

Deno.test("ingest keeps everything until it is told what may leave", () => {
  const plain = read();
  ok(plain.kind === "run");
  deepStrictEqual((plain.options as IngestOptions).retention, KEEP_ALL);
  const asked = read(
    ...["--archive-after", "1d", "--retention", "7d", "--bar-retention", "30d"],
    ...["--max-size", "1.5GB"],
  );
  ok(asked.kind === "run");
  deepStrictEqual((asked.options as IngestOptions).retention, {
    archiveAfterMs: DAY_MS,
    tradesMs: 7 * DAY_MS,
    barsMs: 30 * DAY_MS,
    maxBytes: 1.5e9,
  });
});

Deno.test("ingest refuses to keep bars for a shorter time than trades, and sizes that are none", () => {
  for (
    const [args, pattern] of [
      [["--retention", "7d", "--bar-retention", "1d"], /Cannot delete bars before their trades/],
      [["--bar-retention", "7d"], /Cannot delete bars before their trades/],
      [["--max-size", "20"], /must look like "500MB"/],
      [["--max-size", "0GB"], /must look like "500MB"/],
      [["--retention", "week"], /must look like "30s"/],
    ] as const
  ) {
    const reading = read(...args);
    ok(reading.kind === "exit", args.join(" "));
    strictEqual(reading.code, 2);
    match(reading.err, pattern);
  }
});
