/** A soak as a user would start it, but of seconds. */
import { match, strictEqual } from "node:assert/strict";
import { run } from "../support/programs.ts";

Deno.test("soak ingests under faults, compares everything and reports", async () => {
  const folder = await Deno.makeTempDir();
  const report = `${folder}/soak.md`;
  try {
    const { code, out, err } = await run(
      "soak",
      ...["--minutes", "0.1", "--rate", "1000", "--symbols", "3", "--report", report],
      ...["--faults", "duplicate=0.01,reorder=0.01,skip=0.01,zero=0.001,drop=0.0005"],
    );
    strictEqual(code, 0, `${out}\n${err}`);
    const page = await Deno.readTextFile(report);
    match(page, /Nothing was lost, nothing was wrong\./);
    match(
      page,
      /\| stored and equal by id and value \| [\d,]+, [\d,]+ of them fetched over REST \|/,
    );
    match(page, /\| duplicate \| \d+ \|/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("soak says what it cannot understand", async () => {
  const { code, err } = await run("soak", "--minutes", "soon");
  strictEqual(code, 2);
  match(err, /--minutes must be a number > 0: current value is "soon"/);
});
