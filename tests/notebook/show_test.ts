import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { candleChart } from "../../lib/charts/mod.ts";
import { output, show, table } from "../../lib/notebook/mod.ts";
import { KernelClient } from "../../tools/notebook/kernel_client.ts";
import type { KernelMessage } from "../../tools/notebook/kernel_message.ts";

const PROJECT = decodeURIComponent(new URL("../..", import.meta.url).pathname);

/** What a cell shows, one bundle per display. */
async function shownBy(kernel: KernelClient, code: string): Promise<Record<string, string>[]> {
  const { status, evalue, outputs } = await kernel.execute(code);
  strictEqual(status, "ok", evalue ?? "");
  const isDisplay = ({ type }: KernelMessage) => type === "display_data";
  return outputs.filter(isDisplay).map(({ content }) => content.data as Record<string, string>);
}

function decoded(html: string): string {
  const base64 = /src="data:image\/svg\+xml;base64,([^"]+)"/.exec(html)?.[1];
  ok(base64 !== undefined, "no image in the output");
  return new TextDecoder().decode(Uint8Array.fromBase64(base64));
}

Deno.test("show() puts a picture into a kernel's outputs that needs no script", async () => {
  await using kernel = await KernelClient.start({ cwd: `${PROJECT}notebooks` });
  await kernel.execute(
    `import * as nb from "tandem/notebook"; import { candleChart } from "tandem/charts";`,
  );
  const [chart, ...more] = await shownBy(
    kernel,
    `await nb.show(candleChart([], { title: "B & <C>", intervalMs: 60_000 }))`,
  );
  deepStrictEqual(more, []);
  deepStrictEqual(Object.keys(chart!), ["text/html", "image/svg+xml", "text/plain"]);
  strictEqual(chart!["text/plain"], "[B & <C>]");
  match(chart!["image/svg+xml"]!, /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  strictEqual(decoded(chart!["text/html"]!), chart!["image/svg+xml"]);
  match(chart!["text/html"]!, /alt="B &#38; &#60;C&#62;"/);
  ok(!chart!["text/html"]!.includes("<script"));
});

Deno.test("show() waits until its output has left, however large", async () => {
  await using kernel = await KernelClient.start({ cwd: `${PROJECT}notebooks` });
  await kernel.execute(`import * as nb from "tandem/notebook";`);
  const idleAfter: number[] = [];
  let shown = 0;
  kernel.onMessage(({ type, content }) => {
    if (type === "display_data") shown++;
    if (type === "status" && content.execution_state === "idle") idleAfter.push(shown);
  });
  for (let cell = 0; cell < 20; cell++) {
    // Without the fence of the client: what a front end sees.
    await kernel.execute(
      `await nb.show({ tagName: "svg", outerHTML: "<svg>" + "x".repeat(${
        cell * 20_000
      }) + "</svg>" })`,
    );
  }
  const late = [...Array(20).keys()].filter((cell) => !idleAfter.includes(cell + 1));
  deepStrictEqual(late, []);
});

Deno.test("show() gives a Plot element a namespace and a white ground", async () => {
  await using kernel = await KernelClient.start({ cwd: `${PROJECT}notebooks` });
  await kernel.execute(`import * as nb from "tandem/notebook";`);
  const [element, figure] = await shownBy(
    kernel,
    `await nb.show({ tagName: "svg", outerHTML: "<svg width='9'><path/></svg>" });
     await nb.show({ tagName: "FIGURE", outerHTML: "<figure>legend<svg width='9'><path/></svg></figure>" });`,
  );
  strictEqual(
    element!["image/svg+xml"],
    `<svg style="background:white;color:black" xmlns="http://www.w3.org/2000/svg" width='9'><path/></svg>`,
  );
  match(figure!["text/html"]!, /background:white.*<figure>legend<img [^>]*><\/figure>/);
  strictEqual(decoded(figure!["text/html"]!), element!["image/svg+xml"]);
});

Deno.test("show() refuses what a notebook cannot bear, after leaving out what is there twice", async () => {
  const svg = (size: number) => ({ tagName: "svg", outerHTML: `<svg>${"x".repeat(size)}</svg>` });
  await show(svg(600_000));
  await rejects(show(svg(800_000)), /at most 1000000 characters: current value is 10\d{5}/);
});

Deno.test("show() outside of a notebook draws and shows nothing", async () => {
  await show(candleChart([], { title: "BTCUSDT", intervalMs: 60_000 }));
});

Deno.test("table() writes numbers, times, absent values and markup", async () => {
  const rows = [
    { symbol: "<b>", price: 123456.789, openTimeMs: 1_721_347_022_956, zScore: null },
    { symbol: "é", price: 1e-7, openTimeMs: 1_721_347_020_000, zScore: -1.25 },
  ];
  const bundle = await table(rows)[output]();
  strictEqual(
    bundle["text/plain"],
    [
      "symbol      price               openTimeMs  zScore",
      "<b>     123456.79  2024-07-18 23:57:02.956       –",
      "é            1e-7      2024-07-18 23:57:00   -1.25",
      "2 rows",
    ].join("\n"),
  );
  match(bundle["text/html"]!, /<td style="text-align:left">&#60;b&#62;<\/td>/);
});

Deno.test("table() shows the first rows and says how many there are", async () => {
  const rows = Array.from({ length: 30 }, (_, row) => ({ row, other: 1 }));
  const { "text/plain": text } = await table(rows, { columns: ["row"], limit: 2 })[output]();
  strictEqual(text, "row\n  0\n  1\n28 more of 30 rows");
  strictEqual((await table([])[output]())["text/plain"], "\n0 rows");
});
