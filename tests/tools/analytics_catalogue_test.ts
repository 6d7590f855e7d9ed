import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { type Described, findProblems, renderCatalogue } from "../../tools/analytics_catalogue.ts";
import { type Chapter, CHAPTERS } from "../../tools/support/analytics.ts";
import { root, runDeno } from "../../tools/support/process.ts";

const symbols = new Map<string, Described>(
  [
    { name: "twice", isFunction: true, text: "Returns twice x, `2 x`.", file: "lib/a.ts" },
    { name: "Twice", isFunction: false, text: "Doubles as they come.", file: "lib/b.ts" },
  ].map((symbol) => [symbol.name, symbol]),
);
const twice = { name: "twice", reference: "a sum", proof: "a.json", stream: "Twice" };
const stream = { name: "Twice", reference: "`twice()`", proof: "tests/a_test.ts" };
const chapters = (...analytics: Chapter["analytics"]) => [{ title: "All", analytics }];
const proofOf = ({ name }: { name: string }) => `calls ${name}`;

Deno.test("docs/analytics.md is what the comments of the code say", async () => {
  const tool = `${root}/tools/analytics_catalogue.ts`;
  const { code, output } = await runDeno(["run", "--quiet", "-A", tool, "--check"]);
  strictEqual(code, 0, output);
});

Deno.test("the catalogue holds every chapter and entry of its table", async () => {
  const text = await Deno.readTextFile(`${root}/docs/analytics.md`);
  const headings = [...text.matchAll(/^### (\w+)(?:\(\))?$/gm)].map(([, name]) => name);
  deepStrictEqual(
    headings,
    CHAPTERS.flatMap(({ analytics }) => analytics.map(({ name }) => name)),
  );
});

Deno.test("findProblems() accepts a table that names and proves everything", () => {
  deepStrictEqual(findProblems(chapters(twice, stream), symbols, proofOf), []);
});

Deno.test.each([
  ["a symbol left out", [twice], /^Twice: exported, but not in/],
  [
    "a symbol that is gone",
    [twice, stream, { ...stream, name: "third" }],
    /^third: .*not exported/,
  ],
  ["a missing form for streams", [{ ...twice, stream: "X" }, stream], /for streams, X, is not/],
  ["a symbol named twice", [twice, stream, stream], /names a symbol twice/],
])("findProblems() finds %s", (_name, analytics, problem) => {
  const problems = findProblems(chapters(...analytics), symbols, proofOf);
  strictEqual(problems.length, 1);
  match(problems[0]!, problem);
});

Deno.test("findProblems() finds a proof that is missing or does not call the symbol", () => {
  const table = chapters(twice, stream);
  const proofs = new Map([["twice", "calls twiceAsMuch"]]);
  deepStrictEqual(findProblems(table, symbols, ({ name }) => proofs.get(name) ?? null), [
    "twice: a.json does not test it",
    "Twice: there is no tests/a_test.ts",
  ]);
});

Deno.test("renderCatalogue() gives formula, reference, proof, form for streams and code", () => {
  const text = renderCatalogue(chapters(twice, stream), symbols);
  match(text, /^All 2 functions and classes/m);
  match(
    text,
    /### twice\(\)\n\nReturns twice x, `2 x`\.\n\n- Compared with: a sum\n- Fixture: \[a\.json\]\(\.\.\/tests\/golden\/fixtures\/a\.json\)\n- Row by row: Twice\n- Code: \[lib\/a\.ts\]\(\.\.\/lib\/a\.ts\)\n/,
  );
  match(text, /### Twice\n\nDoubles as they come\.\n\n.*\n- Test: \[tests\/a_test\.ts\]/);
});
