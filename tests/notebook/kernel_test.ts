import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { KernelClient } from "../../tools/notebook/kernel_client.ts";

const PROJECT = decodeURIComponent(new URL("../..", import.meta.url).pathname);
const IMPORT = `import * as nb from "tandem/notebook";`;

/** A kernel that runs where notebooks do. */
async function withKernel(body: (kernel: KernelClient) => Promise<void>): Promise<void> {
  await using kernel = await KernelClient.start({ cwd: `${PROJECT}notebooks` });
  await body(kernel);
}

/** What a cell evaluates to, as text; fails where the cell does. */
async function evaluate(kernel: KernelClient, code: string): Promise<string> {
  const { status, evalue, outputs } = await kernel.execute(
    `console.log("=" + JSON.stringify(await (async () => (${code}))()));`,
  );
  strictEqual(status, "ok", evalue ?? "");
  const said = outputs.map(({ content }) => content.text ?? "").join("");
  return /^=(.*)$/m.exec(said)?.[1] ?? "";
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!await holds()) {
    ok(performance.now() < deadline, "the condition did not come true within 30 s");
    await wait(20);
  }
}

const TICKING = `globalThis.ticks = 0; setInterval(() => ticks++, 5);`;

/** Whether timers go on while no cell runs: that is what an unhandled error stops. */
async function timersGoOn(kernel: KernelClient, failing: string): Promise<boolean> {
  await kernel.execute(`${TICKING} setTimeout(() => { ${failing} }, 50);`);
  await wait(2_000);
  // The cell itself lets timers run again, so it reads the count in its first turn.
  const { outputs } = await kernel.execute(`console.log(ticks)`);
  const ticks = Number(outputs.findLast((o) => o.content.name === "stdout")?.content.text);
  // On a busy machine they go on more slowly, and an error stops them later.
  return ticks > 150;
}

Deno.test.each([
  ["an error in a callback", `throw new Error("on purpose");`],
  ["a rejection nobody awaits", `Promise.reject(new Error("on purpose"));`],
  ["a value that is no error", `throw "on purpose";`],
])("the prelude keeps timers alive after %s, and reports it", async (_name, failing) => {
  await withKernel(async (kernel) => {
    await kernel.execute(IMPORT);
    const printed: string[] = [];
    const stop = kernel.onMessage(({ content }) => printed.push(content.text ?? ""));
    ok(await timersGoOn(kernel, failing));
    stop();
    match(printed.join(""), /In the background \((callback|promise)\): on purpose/);
    const [fault] = JSON.parse(await evaluate(kernel, "nb.faults"));
    strictEqual(fault.message, "on purpose");
    ok(fault.atMs > 1.6e12);
  });
});

Deno.test("a kernel without the prelude freezes, so the guard is still needed", async () => {
  await withKernel(async (kernel) => {
    strictEqual(await timersGoOn(kernel, `throw new Error("on purpose");`), false);
  });
});

Deno.test("job() run again ends the old job, and its error is kept", async () => {
  await withKernel(async (kernel) => {
    await kernel.execute(IMPORT);
    await kernel.execute("globalThis.alive = new Set(); globalThis.run = 0;");
    const cell = `nb.job("count", async (signal) => {
      const mine = ++run; alive.add(mine);
      try { await new Promise((_, no) => signal.addEventListener("abort", () => no(signal.reason))); }
      finally { alive.delete(mine); }
    }); undefined`;
    for (let i = 0; i < 3; i++) strictEqual((await kernel.execute(cell)).status, "ok");
    await until(async () => await evaluate(kernel, "[...alive]") === "[3]");
    await evaluate(kernel, `nb.job("fails", () => { throw new Error("on purpose"); }).ended`);
    deepStrictEqual(JSON.parse(await evaluate(kernel, "nb.jobs().map((j) => j.state)")), [
      "running",
      "failed",
    ]);
    match(await evaluate(kernel, "nb.faults"), /job \\"fails\\"/);
    deepStrictEqual(JSON.parse(await evaluate(kernel, `nb.faults.length`)), 1);
    await evaluate(kernel, `nb.jobs()[0].stop()`);
    strictEqual(await evaluate(kernel, "[...alive]"), "[]");
  });
});

Deno.test.each([
  ["sleep()", "await nb.sleep(1e6)"],
  ["wait()", "await nb.wait(new Promise(() => setTimeout(() => {}, 1e6)))"],
  ["stopSignal()", "await fetch(`http://127.0.0.1:${port}`, { signal: nb.stopSignal() })"],
])("the stop button ends %s and keeps the kernel's state", async (_name, waiting) => {
  await withKernel(async (kernel) => {
    await kernel.execute(IMPORT);
    await kernel.execute(
      `globalThis.kept = 42; globalThis.started = false;
       globalThis.port = Deno.serve({ port: 0, onListen() {} }, () => {
         started = true; return new Promise(() => {});
       }).addr.port;`,
    );
    // Whether the cell waits can only be seen from outside: it says so just before.
    const waits = Promise.withResolvers<void>();
    const stop = kernel.onMessage(({ content }) => {
      if (content.text?.includes("waiting")) waits.resolve();
    });
    const cell = kernel.execute(`console.log("waiting"); ${waiting}`);
    await waits.promise;
    stop();
    await wait(100);
    kernel.interrupt();
    const { status, ename } = await cell;
    deepStrictEqual([status, ename], ["error", "AbortError"]);
    strictEqual(await evaluate(kernel, "kept"), "42");
    strictEqual(await evaluate(kernel, "nb.sleep(1)"), "undefined");
    ok(!kernel.hasExited);
  });
});

Deno.test("a notebook outside of the project needs one line of settings", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(
      `${folder}/deno.json`,
      JSON.stringify({ importMap: `${PROJECT}deno.json` }),
    );
    await using kernel = await KernelClient.start({ cwd: folder });
    strictEqual((await kernel.execute(IMPORT)).status, "ok");
    strictEqual(await evaluate(kernel, "nb.jobs()"), "[]");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
