import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import type { PartContent } from "../../lib/live/mod.ts";
import {
  checkbox,
  dateRange,
  inputs,
  number,
  output,
  select,
  slider,
} from "../../lib/notebook/mod.ts";
import { KernelClient } from "../../tools/notebook/kernel_client.ts";
import { PageSocket, until } from "../live/support/page_socket.ts";
import { startProxy } from "./support/proxy.ts";

const PROJECT = decodeURIComponent(new URL("../..", import.meta.url).pathname);

const folder = await Deno.makeTempDir();

/** A kernel with a sample market of its own. */
async function startKernel(env: Record<string, string> = {}): Promise<KernelClient> {
  const kernel = await KernelClient.start({
    cwd: `${PROJECT}notebooks`,
    env: { TANDEM_DB: `${folder}/tandem.db`, ...env },
  });
  await run(
    kernel,
    `import * as nb from "tandem/notebook"; await nb.sampleMarket({ hours: 0.2 });`,
  );
  return kernel;
}

Deno.test.afterAll(async () => {
  await Deno.remove(folder, { recursive: true });
});

/** Runs a cell; gives what it printed and showed. */
async function run(kernel: KernelClient, code: string): Promise<string> {
  const { status, evalue, outputs } = await kernel.execute(code);
  strictEqual(status, "ok", evalue ?? "");
  return outputs.map(({ content }) => content.text ?? content.data?.["text/html"] ?? "").join("");
}

/** The address and the part that an output connects to. */
function connection(html: string): { readonly base: string; readonly part: string } {
  const base = /new URL\("([^"]+)",location/.exec(html)![1]!;
  const part = /"([0-9a-f-]{36})"\)/.exec(html)![1]!;
  return { base, part };
}

function contents(page: PageSocket, id: string): PartContent[] {
  return page.messages.flatMap((m) => m.op === "part" && m.id === id ? m.content : []);
}

const CONTROLS = `const controls = nb.inputs({
  window: nb.slider({ min: 20, max: 240, step: 10, value: 60 }),
  method: nb.select(["rolling-ols", "ols"], { label: "Hedge ratio" }),
}); await nb.show(controls);`;

Deno.test("inputs() set on a page are set in later cells, and views are drawn anew", async () => {
  await using kernel = await startKernel();
  const form = connection(await run(kernel, CONTROLS));
  const view = connection(
    await run(
      kernel,
      `await nb.show(controls.view(({ window, method }) =>
       nb.pair("ETHUSDT", "BTCUSDT", { interval: "1s", window, method }).chart()))`,
    ),
  );
  await using page = await PageSocket.open(form.base);
  page.send({ op: "subscribe", id: "form", kind: "part", part: form.part });
  page.send({ op: "subscribe", id: "view", kind: "part", part: view.part });
  await until(() => contents(page, "view").length === 1, "the view is drawn");
  const [shown] = contents(page, "form");
  ok(shown?.kind === "inputs");
  deepStrictEqual(shown.inputs.map(({ label }) => label), ["window", "Hedge ratio"]);
  const subtitles = () =>
    contents(page, "view").map((c) => c.kind === "chart" ? c.spec.subtitle : c.kind);
  match(subtitles()[0]!, /window 60, rolling/);

  page.send({ op: "tell", id: "form", value: { window: 120 } });
  await until(() => subtitles().length === 2, "the view is drawn anew");
  match(subtitles()[1]!, /window 120, rolling/);
  strictEqual(await run(kernel, "console.log(controls.values.window)"), "120\n");

  for (
    const value of [{ window: 1e6 }, { window: "120" }, { other: 1 }, null, { method: "no" }]
  ) {
    const before = page.messages.length;
    page.send({ op: "tell", id: "form", value });
    await page.next("error", before);
  }
  strictEqual(
    await run(kernel, "console.log(JSON.stringify(controls.values))"),
    `{"window":120,"method":"rolling-ols"}\n`,
  );

  await run(kernel, `controls.set({ method: "ols" })`);
  await until(() => subtitles().length === 3, "a change by the kernel is drawn too");
  match(subtitles()[2]!, /one hedge ratio/);
  const last = contents(page, "form").at(-1);
  strictEqual(last?.kind === "inputs" && last.values.method, "ols");
});

Deno.test("view() that fails says so in its place and goes on with the next value", async () => {
  await using kernel = await startKernel();
  const form = connection(await run(kernel, CONTROLS));
  const view = connection(
    await run(
      kernel,
      `await nb.show(controls.view(({ window }) => {
       if (window === 100) throw new Error("not that one");
       return nb.table([{ window }]);
     }))`,
    ),
  );
  await using page = await PageSocket.open(view.base);
  page.send({ op: "subscribe", id: "form", kind: "part", part: form.part });
  page.send({ op: "subscribe", id: "view", kind: "part", part: view.part });
  await until(() => contents(page, "view").length === 1, "the view is drawn");
  page.send({ op: "tell", id: "form", value: { window: 100 } });
  await until(() => contents(page, "view").length === 2, "the view has failed");
  deepStrictEqual(contents(page, "view")[1], { kind: "failed", message: "not that one" });
  page.send({ op: "tell", id: "form", value: { window: 110 } });
  await until(() => contents(page, "view").length === 3, "the view is drawn again");
  const last = contents(page, "view")[2]!;
  ok(last.kind === "html" && last.html.includes("110"));
});

Deno.test("view() draws the last of many changes, and nothing while nobody looks", async () => {
  await using kernel = await startKernel();
  const form = connection(await run(kernel, CONTROLS));
  const view = connection(
    await run(
      kernel,
      `globalThis.drawn = []; await nb.show(controls.view(async ({ window }) => {
       drawn.push(window); await nb.sleep(50); return nb.table([{ window }]); }))`,
    ),
  );
  await using page = await PageSocket.open(view.base);
  page.send({ op: "subscribe", id: "form", kind: "part", part: form.part });
  await until(() => contents(page, "form").length === 1, "the form is there");
  const slide = (values: number[]) => {
    for (const window of values) page.send({ op: "tell", id: "form", value: { window } });
  };
  slide([70, 80, 90]);
  await until(() => contents(page, "form").length === 4, "the kernel has heard of all");
  strictEqual(await run(kernel, "console.log(drawn.length)"), "1\n");
  page.send({ op: "subscribe", id: "view", kind: "part", part: view.part });
  await until(() => contents(page, "view").length === 1, "the view is drawn");
  slide(Array.from({ length: 15 }, (_, k) => 100 + 10 * (k % 10)).concat(240));
  await until(() => {
    const last = contents(page, "view").at(-1)!;
    return last.kind === "html" && last.html.includes("240");
  }, "the last one is drawn");
  const drawings = Number(await run(kernel, "console.log(drawn.length)"));
  ok(drawings < 12, `${drawings} drawings of 18 changes`);
});

Deno.test("a live chart gives the rows that a page has selected, and draws them", async () => {
  await using kernel = await startKernel();
  const chart = connection(
    await run(
      kernel,
      `const chart = nb.pair("ETHUSDT", "BTCUSDT", { interval: "1m", window: 3 }).live();
     await nb.show(chart);`,
    ),
  );
  const view = connection(
    await run(kernel, `await nb.show(chart.view((rows) => nb.table(rows)))`),
  );
  await using page = await PageSocket.open(chart.base);
  page.send({ op: "subscribe", id: "chart", kind: "part", part: chart.part });
  page.send({ op: "subscribe", id: "view", kind: "part", part: view.part });
  await until(() => contents(page, "view").length === 1, "the view is drawn");
  deepStrictEqual(contents(page, "chart"), [{ kind: "selection", span: null }]);
  const noon = Date.UTC(2026, 0, 5, 12);
  const span = { fromMs: noon - 5 * 60_000, toMs: noon - 2 * 60_000 };
  page.send({ op: "tell", id: "chart", value: span });
  await until(() => contents(page, "view").length === 2, "the selected rows are drawn");
  const table = contents(page, "view")[1]!;
  ok(table.kind === "html" && table.html.includes("3 rows"));
  strictEqual(
    await run(kernel, `console.log(chart.selected().map((r) => r.openTimeMs).join())`),
    [5, 4, 3].map((minutes) => noon - minutes * 60_000).join() + "\n",
  );
  const before = page.messages.length;
  page.send({ op: "tell", id: "chart", value: { fromMs: 3, toMs: 1 } });
  await page.next("error", before);
  page.send({ op: "tell", id: "chart", value: null });
  await until(() => contents(page, "chart").at(-1)?.kind === "selection", "it is cleared");
  strictEqual(await run(kernel, `console.log(chart.selected().length)`), "0\n");
});

Deno.test("TANDEM_PUBLIC_URL leads a page to its kernel through a proxy, sockets too", async () => {
  await using proxy = startProxy();
  await using kernel = await startKernel({ TANDEM_PUBLIC_URL: "/user/me/proxy/{port}/" });

  const html = await run(
    kernel,
    `await nb.show(nb.pair("ETHUSDT", "BTCUSDT", { interval: "1s" }).live())`,
  );
  const { base } = connection(html);
  match(base, /^\/user\/me\/proxy\/\d+\/t\/[0-9a-f-]{36}\/$/);
  const client = await fetch(`${proxy.url}${base}chart.js`);
  strictEqual(client.status, 200);
  ok((await client.text()).includes("hydratePart"));
  await using page = await PageSocket.open(`${proxy.url}${base}`);
  const request = {
    kind: "pair",
    y: "ETHUSDT",
    x: "BTCUSDT",
    interval: "1s",
    window: 60,
  } as const;
  page.send({ op: "subscribe", id: "a", ...request, method: "rolling-ols" });
  const { columns } = await page.next("snapshot");
  ok(columns.t.length > 500);
  const without = await fetch(`${proxy.url}${base.replace(/t\/.*/, "api/health")}`);
  strictEqual(without.status, 401, "the name does not matter, the token does");
  await without.body?.cancel();
});

Deno.test("inputs are stored as what they are set to, and refuse what cannot be", async () => {
  const day = { fromMs: Date.UTC(2026, 0, 5), toMs: Date.UTC(2026, 0, 6) };
  const controls = inputs({
    entry: number({ min: 0, step: 0.1, value: 2, label: "Entry <z>" }),
    log: checkbox(true),
    span: dateRange(day),
  });
  const bundle = await controls[output]();
  strictEqual(
    bundle["text/plain"],
    "Entry <z>: 2\nlog: true\nspan: 2026-01-05 00:00 to 2026-01-06 00:00 UTC",
  );
  match(bundle["text/html"]!, /Entry &#60;z&#62;/);
  throws(() => controls.set({ entry: -1 }), /Cannot set "entry" to -1/);
  throws(() => controls.set({ span: { ...day, fromMs: 0 } }), RangeError);
  throws(() => slider({ min: 5, max: 1 }), RangeError);
  throws(() => select([]), RangeError);
});
