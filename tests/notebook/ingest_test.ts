import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { isLeased, openReader } from "../../lib/store/mod.ts";
import { KernelClient } from "../../tools/notebook/kernel_client.ts";

const PROJECT = decodeURIComponent(new URL("../..", import.meta.url).pathname);

async function startKernel(db: string): Promise<KernelClient> {
  const kernel = await KernelClient.start({ cwd: `${PROJECT}notebooks`, env: { TANDEM_DB: db } });
  await kernel.execute(`import * as nb from "tandem/notebook";`);
  return kernel;
}

async function run(kernel: KernelClient, code: string): Promise<string> {
  const { status, evalue, outputs } = await kernel.execute(code);
  strictEqual(status, "ok", evalue ?? "");
  return outputs.map(({ content }) =>
    content.text ?? content.data?.["text/html"] ?? content.data?.["text/plain"] ?? ""
  ).join("");
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!holds()) {
    ok(performance.now() < deadline, "the condition did not come true within a minute");
    await wait(50);
  }
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

Deno.test("ingest() starts, outlives its kernel, is joined by the next, and stops", async () => {
  const folder = await Deno.makeTempDir();
  const db = `${folder}/tandem.db`;
  const cell = (symbols: string) => `await nb.ingest({ symbols: ${symbols}, simulated: true })`;
  try {
    let address: string;
    {
      await using kernel = await startKernel(db);
      await run(kernel, `${cell(`["ETHUSDT", "BTCUSDT", "bybit:BTCUSDT"]`)}; undefined`);
      ok(isLeased(db));
      const bars = await run(kernel, `nb.candles("ethusdt", { interval: "1s" }).bars().length`);
      ok(Number(bars) > 100, `${bars} bars`);
      const html = await run(kernel, `await nb.show(nb.candles("ETHUSDT").live())`);
      address = /http:\/\/127\.0\.0\.1:\d+\/t\/[^/]+\//.exec(html)![0];
      const symbols = await (await fetch(`${address}api/symbols`)).json();
      deepStrictEqual(symbols.symbols.map((s: { symbol: string }) => s.symbol), [
        "BTCUSDT",
        "ETHUSDT",
        "bybit:BTCUSDT",
      ]);
    }
    ok(isLeased(db), "the ingest ended with its kernel");
    using reader = openReader(db);
    const before = reader.cursor();
    await until(() => reader.cursor() > before);

    await using kernel = await startKernel(db);
    await run(kernel, `${cell(`["ETHUSDT", "SOLUSDT"]`)}; undefined`);
    deepStrictEqual(reader.symbols().map(({ symbol }) => symbol), [
      "BTCUSDT",
      "ETHUSDT",
      "SOLUSDT",
      "bybit:BTCUSDT",
    ]);
    const html = await run(kernel, `await nb.show(nb.candles("SOLUSDT").live())`);
    ok(html.includes(address), "the next kernel is reached where the last one was");
    const shown = await run(
      kernel,
      `console.log((await nb.pair("ETHUSDT", "BTCUSDT").live()[nb.output]())["image/svg+xml"])`,
    );
    match(shown, /SIMULATED/);

    const rule = `{ id: "eth", watch: "price", symbol: "ETHUSDT", above: 1e9 }`;
    await run(kernel, `await nb.putAlert(${rule})`);
    await run(kernel, `await nb.sleep(1_500); await nb.putAlert(${rule})`);
    match(await run(kernel, "console.log(nb.alertRules()[0].rule.cooldown)"), /300s/);
    await until(() => JSON.parse(reader.alerts.rules()[0]?.state ?? "{}").value > 0);
    await run(kernel, `await nb.removeAlert("eth")`);
    deepStrictEqual(reader.alerts.rules(), []);

    await using other = await startKernel(db);
    await run(other, "nb.attach(); undefined");
    const third = await run(other, `await nb.show(nb.candles("SOLUSDT").live())`);
    ok(!third.includes(address), "two kernels cannot have one address");
    strictEqual((await Deno.stat(`${db}.hubs.json`)).mode! & 0o077, 0);

    await run(other, "await nb.stopIngest()");
    ok(!isLeased(db));
    await until(() => !exists(`${db}.exchange.json`));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("pair() says which symbol the database does not hold", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await using kernel = await startKernel(`${folder}/none.db`);
    const { status, evalue } = await kernel.execute(`nb.pair("ETHUSDT", "BTCUSDT")`);
    strictEqual(status, "error");
    match(evalue!, /none\.db/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
