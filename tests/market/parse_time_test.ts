import { strictEqual, throws } from "node:assert/strict";
import { parseTime } from "../../lib/market/mod.ts";

const NOON_MS = Date.UTC(2026, 10, 22, 12);

Deno.test.each([
  ["2026-11-22", NOON_MS - 12 * 3_600_000],
  ["2026-11-22T12:00", NOON_MS],
  ["2026-11-22 12:00", NOON_MS],
  ["2026-11-22T12:00Z", NOON_MS],
  ["2026-11-22T14:00:00+02:00", NOON_MS],
  ["2026-11-22T07:00:00.001-0500", NOON_MS + 1],
  ["2026-11-22T12:00:00.001999+00:00", NOON_MS + 1],
  ["2024-02-29", Date.UTC(2024, 1, 29)],
] as [string, number][])(
  "parseTime() reads %s",
  (text, timeMs) => strictEqual(parseTime(text), timeMs),
);

Deno.test.each(
  [
    "",
    "today",
    "2026",
    "2026-02-29",
    "2026-02-31T10:00Z",
    "2026-13-01",
    "2026-11-22T25:00",
    "March 7",
  ],
)("parseTime() refuses %s", (text) => {
  throws(() => parseTime(text), RangeError);
});

Deno.test("parseTime() does not ask in which zone the machine is", async () => {
  const script = `import { parseTime } from "${new URL(
    "../../lib/market/mod.ts",
    import.meta.url,
  )}";
    console.log(parseTime("2026-11-22T12:00"))`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", script],
    env: { TZ: "America/New_York" },
  }).output();
  strictEqual(new TextDecoder().decode(stdout).trim(), String(NOON_MS));
});
