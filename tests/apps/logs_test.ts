import { deepStrictEqual, rejects } from "node:assert/strict";
import { logs } from "../../lib/apps/logs.ts";
import { until } from "../support/programs.ts";

/** The lines that were printed by the time `go` is over. */
async function printed(
  database: string,
  options: { readonly lines: number; readonly follow: boolean },
  go: (printed: readonly string[]) => Promise<void> = () => Promise.resolve(),
): Promise<string[]> {
  const out: string[] = [];
  const stop = new AbortController();
  const report = {
    info() {},
    warn() {},
    progress() {},
    print: (text: string) => void out.push(...text.split("\n")),
  };
  const running = logs.run({ database, ...options }, { signal: stop.signal, report });
  await go(out);
  if (options.follow) stop.abort();
  await running;
  return out;
}

Deno.test("logs shows the last lines of a log of any length, and what has no end yet", async () => {
  const database = `${await Deno.makeTempDir()}/a.db`;
  const lines = Array.from({ length: 20_000 }, (_, k) => `line ${k} – ü`);
  await Deno.writeTextFile(`${database}.log`, `${lines.join("\n")}\nbroken o`);
  const shown = await printed(database, { lines: 3, follow: false });
  deepStrictEqual(shown, ["line 19998 – ü", "line 19999 – ü", "broken o"]);
  deepStrictEqual(await printed(database, { lines: 0, follow: false }), []);
});

Deno.test("logs follows a log without losing or cutting a line", async () => {
  const database = `${await Deno.makeTempDir()}/a.db`;
  await Deno.writeTextFile(`${database}.log`, "one\ntwo\n");
  using log = await Deno.open(`${database}.log`, { append: true });
  const put = (text: string) => log.write(new TextEncoder().encode(text));
  const shown = await printed(database, { lines: 1, follow: true }, async (out) => {
    await put("three\nfo");
    await until(() => out.includes("three"), 30_000);
    await put("ur\n");
    await until(() => out.includes("four"), 30_000);
  });
  deepStrictEqual(shown.slice(-2), ["three", "four"]);
  await rejects(printed(`${database}x`, { lines: 1, follow: false }), /there is no ".*x\.log"/);
});
