import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { findOutputProblems, joinCode } from "../../tools/check_notebooks.ts";
import type { Cell, Notebook, Output } from "../../tools/support/notebook.ts";
import { runDeno } from "../../tools/support/process.ts";

const TOOL = decodeURIComponent(
  new URL("../../tools/check_notebooks.ts", import.meta.url).pathname,
);

function notebook(...cells: Partial<Cell>[]): Notebook {
  return {
    cells: cells.map((cell) => ({
      cell_type: "code",
      source: "",
      execution_count: 1,
      outputs: [],
      metadata: {},
      ...cell,
    })),
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  };
}

function printed(text: string): Output {
  return { output_type: "stream", name: "stdout", text: [text] };
}

function picture(svg: string): Output {
  const html = `<img src="data:image/svg+xml;base64,${btoa(svg)}">`;
  return { output_type: "display_data", data: { "text/html": [html] }, metadata: {} };
}

Deno.test("joinCode() leads back from a line to its cell", () => {
  const { text, origin } = joinCode(notebook(
    { source: ["const a = 1;\n", "const b = 2;"] },
    { cell_type: "markdown", source: "words" },
    { source: "a + b" },
  ));
  const lines = text.split("\n");
  strictEqual(origin(lines.indexOf("const b = 2;") + 1), "cell 1 line 2");
  strictEqual(origin(lines.indexOf("a + b") + 1), "cell 3 line 1");
});

Deno.test("findOutputProblems() accepts a notebook that was run and shows its picture", () => {
  const good = notebook(
    { source: "await nb.show(chart)", outputs: [picture("<svg/>")] },
    { source: "1 + 1", outputs: [printed("2\n")] },
    { source: "later()", execution_count: null, metadata: { tags: ["not-run"] } },
    { source: "show(x)", metadata: { tags: ["no-picture"] } },
    { source: "  ", execution_count: null },
  );
  deepStrictEqual(findOutputProblems(good), []);
});

Deno.test("findOutputProblems() names the cell that was not run, failed or shows nothing", () => {
  const error = { output_type: "error", ename: "TypeError", evalue: "no", traceback: [] };
  const bad = notebook(
    { source: "1 + 1", execution_count: null },
    { source: "f()", outputs: [error] },
    { source: "await show(chart)", outputs: [printed("chart")] },
    { source: "f()", outputs: [error], metadata: { tags: ["raises"] } },
  );
  deepStrictEqual(findOutputProblems(bad), [
    "cell 1: was not run",
    "cell 2: holds an error, TypeError: no",
    "cell 3: holds no picture and no table",
  ]);
});

Deno.test.each([
  ["/home/ana/tandem/x.ts", "a home folder"],
  ["/Users/ana/x", "a home folder"],
  ["C:\\Users\\ana", "a home folder"],
  ["/tmp/x.db", "a path of the machine"],
  ["http://127.0.0.1:8787/", "a local address"],
  ["?token=0123456789abcdef", "a token"],
  ["6fa459ea-ee8a-4ca4-894e-db77e160355e", "a token"],
])("findOutputProblems() refuses %s in an output", (text, what) => {
  for (const output of [printed(text), picture(`<svg><text>${text}</text></svg>`)]) {
    const [problem] = findOutputProblems(notebook({ source: "x", outputs: [output] }));
    match(problem ?? "nothing found", new RegExp(`^cell 1: its output holds ${what}, `));
  }
});

Deno.test("check_notebooks checks types and says cell and line", async () => {
  const folder = await Deno.makeTempDir();
  const file = `${folder}/a.ipynb`;
  try {
    const wrong = notebook({ source: "const a = 1;" }, { source: 'a;\nconst b: number = "one";' });
    await Deno.writeTextFile(file, JSON.stringify(wrong));
    const failing = await runDeno(["run", "-A", TOOL, file]);
    strictEqual(failing.code, 1);
    match(failing.output, /TS2322.*not assignable to type 'number'/);
    match(failing.output, /at cell 2 line 2/);
    deepStrictEqual([...Deno.readDirSync(folder)].map((entry) => entry.name), ["a.ipynb"]);
    const right = notebook({ source: "const a = await Promise.resolve(1);" }, { source: "a + 1" });
    await Deno.writeTextFile(file, JSON.stringify(right));
    strictEqual((await runDeno(["run", "-A", TOOL, file])).code, 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
