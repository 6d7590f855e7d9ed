import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { KernelClient } from "../../tools/notebook/kernel_client.ts";
import { compareOutputs } from "../../tools/notebook/compare_outputs.ts";
import { runNotebook } from "../../tools/notebook/run_notebook.ts";
import { type Cell, joined, type Notebook } from "../../tools/support/notebook.ts";
import { runDeno } from "../../tools/support/process.ts";

const TOOL = decodeURIComponent(
  new URL("../../tools/notebook/run_notebook.ts", import.meta.url).pathname,
);

function notebook(...cells: (string | Partial<Cell>)[]): Notebook {
  return {
    cells: cells.map((cell) => ({
      cell_type: "code",
      source: typeof cell === "string" ? cell : "",
      execution_count: null,
      outputs: [],
      metadata: {},
      ...typeof cell === "string" ? {} : cell,
    })),
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  };
}

async function running(book: Notebook) {
  await using kernel = await KernelClient.start();
  return await runNotebook(book, kernel);
}

Deno.test("KernelClient.execute() waits for every output of a cell and for no other", async () => {
  await using kernel = await KernelClient.start();
  for (let round = 0; round < 100; round++) {
    const { outputs } = await kernel.execute(
      `for (let i = 0; i < 3; i++) console.log("${round}", i);
       await Deno.jupyter.display({ "text/plain": "${round} end" }, { raw: true });`,
    );
    const said = outputs.map(({ content }) => content.text ?? content.data?.["text/plain"]);
    deepStrictEqual(said, [`${round} 0\n`, `${round} 1\n`, `${round} 2\n`, `${round} end`]);
  }
});

Deno.test("KernelClient.execute() gives up on a cell that never ends, and on a dead kernel", async () => {
  await using kernel = await KernelClient.start();
  await rejects(
    kernel.execute("await new Promise(() => setTimeout(() => {}, 1e6))", 300),
    /300 ms/,
  );
  const dying = kernel.execute("1");
  kernel.interrupt();
  await rejects(dying, /ended with code 130/);
  ok(kernel.hasExited);
});

Deno.test("runNotebook() fills in counts and outputs, and leaves tagged cells out", async () => {
  const { notebook: done, problems } = await running(notebook(
    "console.log('one')",
    { cell_type: "markdown", source: "words" },
    { source: "console.log('no')", metadata: { tags: ["not-run"] } },
    "1 + 1",
  ));
  deepStrictEqual(problems, []);
  deepStrictEqual(done.cells.map((cell) => cell.execution_count), [1, null, null, 2]);
  strictEqual(joined(done.cells[0]!.outputs![0]!.text), "one\n");
  deepStrictEqual(done.cells[3]!.outputs![0]!.data, { "text/plain": ["2"] });
  deepStrictEqual(done.cells[2]!.outputs, []);
});

Deno.test("runNotebook() stops at a cell that fails and says what the kernel does not", async () => {
  const run = await running(notebook("const a = ;", "console.log('never')"));
  deepStrictEqual(run.problems, ["cell 1: a syntax error, or an import that cannot be resolved"]);
  deepStrictEqual(run.notebook.cells[1]!.outputs, []);
  const expected = { source: "throw new RangeError('x')", metadata: { tags: ["raises"] } };
  deepStrictEqual((await running(notebook(expected, "1"))).problems, []);
});

Deno.test("compareOutputs() sees another text, but not another id or port", () => {
  const book = (text: string, tags: string[] = []) =>
    notebook({
      source: "x",
      metadata: { tags },
      outputs: [{ output_type: "stream", name: "stdout", text }],
    });
  const one = "at 127.0.0.1:4000 6fa459ea-ee8a-4ca4-894e-db77e160355e";
  const two = "at 127.0.0.1:5000 16fd2706-8baf-433b-82eb-8c7fada847da";
  deepStrictEqual(compareOutputs(book(one), book(two)), []);
  match(compareOutputs(book("a"), book("b"))[0]!, /^cell 1: stored ".*a.*", now ".*b/);
  deepStrictEqual(compareOutputs(book("a", ["live"]), book("b", ["live"])), []);
  strictEqual(compareOutputs(book("a"), notebook("x")).length, 1);
});

Deno.test("compareOutputs() sees another number in a picture, but not another look", () => {
  const picture = (value: string, color: string) => {
    const svg = `<svg><style>.a{}</style><text fill="${color}">${value}</text></svg>`;
    const html = `<div id="tandem-${color}"><img src="data:image/svg+xml;base64,${
      btoa(svg)
    }"></div>`;
    return notebook({
      source: "x",
      outputs: [{ output_type: "display_data", data: { "text/html": html, "image/svg+xml": svg } }],
    });
  };
  deepStrictEqual(compareOutputs(picture("1.2", "red"), picture("1.2", "blue")), []);
  match(
    compareOutputs(picture("1.2", "red"), picture("1.3", "red"))[0]!,
    /stored .*1\.2.*, now .*1\.3/,
  );
});

Deno.test("run_notebook --write stores what --check then finds unchanged", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/a.ipynb`;
  try {
    await Deno.writeTextFile(path, JSON.stringify(notebook("console.log(6 * 7)")));
    strictEqual((await runDeno(["run", "-A", TOOL, path, "--write"])).code, 0);
    strictEqual((await runDeno(["run", "-A", TOOL, path, "--check"])).code, 0);
    const text = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, text.replace("6 * 7", "6 * 8"));
    const changed = await runDeno(["run", "-A", TOOL, path, "--check"]);
    strictEqual(changed.code, 1);
    match(changed.output, /cell 1: stored .*42.*, now .*48/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
