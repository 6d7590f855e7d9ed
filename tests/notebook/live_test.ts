import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { forget } from "../../lib/notebook/database.ts";
import { attach, live, table } from "../../lib/notebook/mod.ts";
import type { View } from "../../lib/notebook/view.ts";
import { openWriter } from "../../lib/store/mod.ts";
import { until } from "../support/programs.ts";

Deno.test("live() tells once that its database is gone, and goes on when it is there again", async () => {
  const db = `${await Deno.makeTempDir()}/tandem.db`;
  const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
  openWriter(db, { identity })[Symbol.dispose]();
  attach({ db });
  const view = live(() => table(attach({ db }).symbols()), { everyMs: 5 });
  const told: string[] = [];
  using _watching = (view as View<void>).watch(({ kind }) => told.push(kind));
  await until(() => told.includes("html"));
  forget(db);
  await Deno.rename(db, `${db}.moved`);
  await until(() => told.at(-1) === "failed");
  const before = told.length;
  await new Promise((resolve) => setTimeout(resolve, 50));
  strictEqual(told.length, before);
  await Deno.rename(`${db}.moved`, db);
  await until(() => told.at(-1) === "html");
  deepStrictEqual(told.filter((kind) => kind === "failed"), ["failed"]);
  forget(db);
});
