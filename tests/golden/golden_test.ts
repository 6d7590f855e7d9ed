import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { goldenFolder } from "../support/shared.ts";
import type { Adapter } from "./adapters/adapter.ts";
import { ADAPTERS, EDGE_ADAPTERS } from "./adapters/mod.ts";
import { differences } from "./compare.ts";
import { type FixtureFile, GoldenCase } from "./fixture.ts";
import { EDGE_CASES_NOT_YET_BUILT, NOT_YET_BUILT } from "./not_yet_built.ts";

function readFixtures(folder: string): { name: string; file: FixtureFile }[] {
  return [...Deno.readDirSync(folder)]
    .filter((entry) => entry.isFile && entry.name.endsWith(".json"))
    .map((entry) => entry.name)
    .sort()
    .map((name) => ({ name, file: JSON.parse(Deno.readTextFileSync(`${folder}/${name}`)) }));
}

/** The differences of one case, each naming the case. */
function runCase(file: FixtureFile, index: number, adapter: Adapter): string[] {
  const raw = file.cases[index]!;
  const golden = new GoldenCase(file, raw);
  let found: string[];
  try {
    const options = { tol: raw.tol ?? file.tol, exact: adapter.exact ?? [] };
    found = differences(adapter.run(golden), raw.expected, options);
    const ignores = new Set((adapter.ignores ?? []).map((name) => `parameter ${name}`));
    const unread = golden.unread().filter((name) => !ignores.has(name));
    if (unread.length > 0) found.push(`the adapter does not know ${unread.join(", ")}`);
  } catch (error) {
    found = [String(error)];
  }
  return found.map((line) => `${raw.id}: ${line}`);
}

function report(failed: string[][], total: number): void {
  const lines = failed.flatMap((found) => found.slice(0, 4)).slice(0, 40);
  strictEqual(failed.length, 0, `${failed.length} of ${total} cases differ\n${lines.join("\n")}`);
}

function defineFileTest(name: string, file: FixtureFile): void {
  const adapter = ADAPTERS[file.analytic];
  const notYetBuilt = adapter === undefined && NOT_YET_BUILT.includes(file.analytic);
  const title = `golden ${name}: ${file.cases.length} cases`;
  if (notYetBuilt) {
    // deno-lint-ignore no-console -- what is not tested is said
    console.log(`not yet built: ${title}`);
  }
  Deno.test({
    name: title,
    ignore: notYetBuilt,
    fn() {
      strictEqual(file.schema, 1);
      ok(adapter !== undefined, `no adapter knows the analytic "${file.analytic}"`);
      const all = file.cases.map((_, i) => runCase(file, i, adapter));
      report(all.filter((found) => found.length > 0), all.length);
    },
  });
}

function defineEdgeCaseTests(name: string, file: FixtureFile): void {
  for (const [analytic, count] of countBy(file.cases.map((c) => c.analytic ?? ""))) {
    const adapter = EDGE_ADAPTERS[analytic];
    const notYetBuilt = adapter === undefined && EDGE_CASES_NOT_YET_BUILT.includes(analytic);
    const title = `golden ${name} of ${analytic}: ${count} cases`;
    if (notYetBuilt) {
      // deno-lint-ignore no-console -- what is not tested is said
      console.log(`not yet built: ${title}`);
    }
    Deno.test({
      name: title,
      ignore: notYetBuilt,
      fn() {
        strictEqual(file.schema, 1);
        ok(adapter !== undefined, `no adapter knows the edge cases of "${analytic}"`);
        const all = file.cases.flatMap((c, i) =>
          c.analytic === analytic ? [runCase(file, i, adapter)] : []
        );
        report(all.filter((found) => found.length > 0), all.length);
      },
    });
  }
}

function countBy(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

const fixtures = readFixtures(goldenFolder);

for (const { name, file } of fixtures) {
  if (file.analytic === "edge_cases") defineEdgeCaseTests(name, file);
  else defineFileTest(name, file);
}

Deno.test("the golden folder holds fixtures", () => {
  ok(fixtures.length > 0, `no fixture in ${goldenFolder}`);
});

Deno.test("not_yet_built.ts names nothing that is built", () => {
  deepStrictEqual(NOT_YET_BUILT.filter((name) => name in ADAPTERS), []);
  deepStrictEqual(EDGE_CASES_NOT_YET_BUILT.filter((name) => name in EDGE_ADAPTERS), []);
});
