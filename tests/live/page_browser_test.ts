/// <reference lib="dom" />
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { startHub } from "../../lib/live/mod.ts";
import { browserTest } from "../support/browser.ts";
import { Market } from "./support/market.ts";
import { length, PAIR, plotCentre, stateOf, untilState, WIDE, withPage } from "./support/page.ts";

browserTest(
  "the page grows as bars are stored, and says what it shows",
  WIDE,
  (page) =>
    withPage(page, async (_hub, market) => {
      strictEqual((await stateOf(page))!.points, 300);
      market.add(3);
      const state = await untilState(page, "it has grown", ({ points }) => points === 303);
      strictEqual(state.domain[1], market.timeMs(303));
      ok(state.follows);
      await page.locator("#simulated").getByText("SIMULATED").waitFor();
      strictEqual(await page.locator("#status").innerText(), "Live");
      match(await page.locator("#sentence").innerText(), /^The spread is /);
      await page.locator("#verdict").getByText(/cointegration|cointegrated/).waitFor();
      match(await page.locator("#quality").innerText(), /ETHUSDT .*nothing missing/);
      strictEqual(await page.locator("#figures dd").count(), 5);
      strictEqual(await page.locator("#chart svg").count(), 6);
      strictEqual(await page.title(), "ETHUSDT and BTCUSDT, Tandem");
    }),
);

browserTest(
  "the wheel zooms with Ctrl, and new rows leave the zoom alone",
  WIDE,
  (page) =>
    withPage(page, async (_hub, market) => {
      const before = (await stateOf(page))!;
      const { x, y } = await plotCentre(page);
      await page.mouse.move(x, y);
      await page.mouse.wheel(0, -300);
      strictEqual(length((await stateOf(page))!), length(before), "the page scrolls without Ctrl");
      await page.keyboard.down("Control");
      await page.mouse.wheel(0, -300);
      await page.keyboard.up("Control");
      const zoomed = await untilState(page, "it is zoomed", (s) => length(s) < length(before) / 2);
      strictEqual(zoomed.follows, false);
      market.add(2);
      const grown = await untilState(page, "it has grown", ({ points }) => points === 302);
      deepStrictEqual(grown.domain, zoomed.domain);
      await page.mouse.dblclick(x, y);
      const all = await untilState(page, "all is shown", ({ follows }) => follows);
      deepStrictEqual(all.domain, [market.timeMs(0), market.timeMs(302)]);
    }),
);

browserTest(
  "dragging pans, the end is followed again, buttons choose a range",
  WIDE,
  (page) =>
    withPage(page, async (_hub, market) => {
      const chart = page.locator("#chart");
      await chart.getByRole("button", { name: "1h" }).click();
      const hour = await untilState(page, "an hour is shown", (s) => length(s) === 3_600_000);
      ok(hour.follows);
      const { x, y } = await plotCentre(page);
      const drag = async (by: number) => {
        await page.mouse.move(x, y);
        await page.mouse.down();
        await page.mouse.move(x + by, y, { steps: 4 });
        await page.mouse.up();
      };
      await drag(300);
      const past = await untilState(page, "it has moved", (s) => s.domain[1] < hour.domain[1]);
      ok(Math.abs(length(past) - 3_600_000) < 1);
      strictEqual(past.follows, false);
      await drag(-600);
      await untilState(page, "it follows again", ({ follows }) => follows);
      market.add(1);
      await untilState(page, "it moved on", (s) => s.domain[1] === market.timeMs(301));
      await drag(300);
      await chart.getByRole("button", { name: "Live" }).click();
      await untilState(page, "it is live again", (s) => s.domain[1] === market.timeMs(301));
    }),
);

browserTest(
  "the keyboard zooms, moves and reads",
  WIDE,
  (page) =>
    withPage(page, async (_hub, market) => {
      const chart = page.locator("#chart .chart");
      await chart.focus();
      const all = (await stateOf(page))!;
      await page.keyboard.press("+");
      const near = await untilState(page, "it is zoomed", (s) => length(s) < length(all));
      await page.keyboard.press("ArrowLeft");
      await untilState(page, "it has moved", (s) => s.domain[0] < near.domain[0]);
      await page.keyboard.press("0");
      await untilState(page, "all is shown", (s) => length(s) === length(all));
      await page.keyboard.press("Shift+ArrowLeft");
      const time = new Date(market.timeMs(298)).toISOString().slice(11, 16);
      match(
        await chart.locator(".spoken").innerText(),
        new RegExp(`${time} UTC.*: ETHUSDT [\\d.,]+`),
      );
    }),
);

browserTest(
  "the pointer reads the values of its row in every panel",
  WIDE,
  (page) =>
    withPage(page, async (_hub, market) => {
      const { x, y } = await plotCentre(page);
      await page.mouse.move(x, y);
      const when = page.locator("#chart .when");
      await when.waitFor();
      const columns = (await page.evaluate(() => globalThis.tandem.columns()))!;
      const text = (await when.innerText()).slice(0, 16).replace(" ", "T");
      const row = columns.t.indexOf(Date.parse(`${text}Z`));
      ok(Math.abs(row - 150) < 10, `row ${row}`);
      const price = await page.locator("#chart section[aria-label='Price'] output").first()
        .innerText();
      strictEqual(Number(price), Number(columns.y![row]!.toFixed(price.split(".")[1]!.length)));
      ok(market.timeMs(row) === columns.t[row]);
      await page.mouse.move(5, 5);
      await when.waitFor({ state: "hidden" });
    }),
);

browserTest(
  "the controls change pair and address, and back undoes it",
  WIDE,
  (page) =>
    withPage(page, async () => {
      await page.locator("#controls").getByLabel("Hedge leg").fill("solusdt");
      await page.keyboard.press("Enter");
      await untilState(page, "the pair is another", (s) => s.title === "ETHUSDT and SOLUSDT");
      match(page.url(), /x=SOLUSDT/);
      await page.getByLabel("Swap the legs").click();
      await untilState(page, "the legs are swapped", (s) => s.title === "SOLUSDT and ETHUSDT");
      await page.locator("#controls").getByLabel("Window").fill("30");
      await page.keyboard.press("Enter");
      await page.locator("#controls select[name=method]").selectOption("ols");
      match(page.url(), /y=SOLUSDT&x=ETHUSDT&interval=1m&window=30&method=ols/);
      await page.locator("#chart .subtitle").getByText("from the first 30 bars").waitFor();
      await page.goBack();
      await page.goBack();
      await page.goBack();
      await untilState(page, "the pair is back", (s) => s.title === "ETHUSDT and SOLUSDT");
      await page.reload();
      await untilState(page, "the pair stays", (s) => s.title === "ETHUSDT and SOLUSDT");
      strictEqual(await page.locator("#controls").getByLabel("Hedge leg").inputValue(), "SOLUSDT");
    }),
);

browserTest(
  "a leg that is not there is said, and the chart stays",
  WIDE,
  (page) =>
    withPage(page, async () => {
      const leg = page.locator("#controls").getByLabel("Hedge leg");
      await leg.fill("FOOUSDT");
      await page.keyboard.press("Enter");
      await page.locator("#controls input[name=x][aria-invalid=true]").waitFor();
      strictEqual((await stateOf(page))!.title, "ETHUSDT and BTCUSDT");
      match(page.url(), /x=BTCUSDT/);
    }),
);

browserTest(
  "the page chooses a pair by itself, and has a table",
  WIDE,
  (page) =>
    withPage(page, async () => {
      match(page.url(), /y=\w+&x=\w+/);
      await page.getByRole("button", { name: "Table" }).click();
      await page.locator("#chart .rows tbody tr").first().waitFor();
      strictEqual(await page.locator("#chart .rows tbody tr").count(), 200);
      match(await page.locator("#chart .rows caption").innerText(), /the newest 200 rows/);
      match((await page.locator("#csv").getAttribute("href"))!, /^api\/export\?y=\w+&x=\w+/);
    }, "?interval=1m"),
);

browserTest(
  "the page survives a restart of its hub, zoom and all",
  { ...WIDE, allowed: /WebSocket|ERR_CONNECTION|Failed to load/ },
  async (page) => {
    using market = new Market();
    market.add(300);
    const first = await startHub({ open: market.open });
    await page.goto(first.url + PAIR);
    const all = await untilState(page, "the chart is there", ({ points }) => points === 300);
    await page.locator("#chart .chart").focus();
    await page.keyboard.press("+");
    const zoomed = await untilState(page, "it is zoomed", (s) => length(s) < length(all));
    await first[Symbol.asyncDispose]();
    await page.locator("#status[data-state=lost]").waitFor();
    market.add(5);
    await using _second = await startHub({ open: market.open, port: first.port });
    const back = await untilState(page, "the rest has come", ({ points }) => points === 305);
    deepStrictEqual(back.domain, zoomed.domain);
    await page.locator("#status[data-state=live]").waitFor();
    market.add(1);
    await untilState(page, "it grows again", ({ points }) => points === 306);
    await page.goto("about:blank");
  },
);

/** `serve` itself, without the launcher that would end it gently. */
async function serve(path: string, port: number) {
  const options = { database: path, hostname: "127.0.0.1", port, token: null, json: true };
  const start = JSON.stringify({ options, verbose: false });
  const program = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", "lib/apps/run.ts", "serve", start],
    ...{ stdin: "piped", stdout: "piped", stderr: "null" },
  }).spawn();
  const reader = program.stdout.getReader();
  const { value } = await reader.read();
  reader.releaseLock();
  const { url } = JSON.parse(new TextDecoder().decode(value));
  return {
    url: url as string,
    port: Number(new URL(url).port),
    async kill() {
      program.kill("SIGKILL");
      await program.stdin.close();
      await program.stdout.cancel();
      await program.status;
    },
  };
}

browserTest(
  "the page survives a server that is killed",
  { ...WIDE, allowed: /WebSocket|ERR_CONNECTION|ERR_EMPTY|ERR_SOCKET|Failed to load/ },
  async (page) => {
    using market = new Market();
    market.add(300);
    const first = await serve(market.path, 0);
    await page.goto(first.url + PAIR);
    await untilState(page, "the chart is there", ({ points }) => points === 300);
    await page.locator("#chart").getByRole("button", { name: "1h" }).click();
    await first.kill();
    await page.locator("#status[data-state=lost]").waitFor();
    strictEqual((await stateOf(page))!.points, 300, "the chart stays");
    market.add(2);
    const second = await serve(market.path, first.port);
    const back = await untilState(page, "the rest has come", ({ points }) => points === 302);
    strictEqual(back.domain[1], market.timeMs(302));
    strictEqual(length(back), 3_600_000);
    await page.locator("#status[data-state=live]").waitFor();
    await page.goto("about:blank");
    await second.kill();
  },
);

browserTest("the page works behind a token", WIDE, async (page) => {
  using market = new Market();
  market.add(50);
  await using hub = await startHub({ open: market.open, token: "s3cret" });
  await page.goto(`http://127.0.0.1:${hub.port}/?token=s3cret`);
  await page.goto(`${page.url()}${page.url().includes("?") ? "&" : "?"}interval=1m`);
  await untilState(page, "the chart is there", ({ points }) => points === 50);
  await page.goto("about:blank");
});

/** A page of another origin that holds what a notebook cell shows. */
function notebookPage(script: string): Deno.HttpServer<Deno.NetAddr> {
  const html = `<!doctype html><div id="out"><img alt="picture"></div>` +
    `<script type="module">${script}</script>`;
  return Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    () => new Response(html, { headers: { "content-type": "text/html" } }),
  );
}

const hydrateScript = (url: string) =>
  `const { hydrate } = await import("${url}chart.js");
   const request = { kind: "pair", y: "ETHUSDT", x: "BTCUSDT", interval: "1m", window: 20,
     method: "rolling-ols" };
   hydrate(document.getElementById("out"), "${url}", request);`;

browserTest(
  "a notebook's picture becomes a chart, also on a page of another origin",
  { ...WIDE, allowed: /WebSocket|ERR_CONNECTION|favicon|404/ },
  async (page) => {
    using market = new Market();
    market.add(100);
    const options = { open: market.open, token: "s3cret", allowAnyOrigin: true };
    const hub = await startHub(options);
    await using notebook = notebookPage(hydrateScript(hub.url));
    await page.goto(`http://localhost:${notebook.addr.port}/`);
    const output = page.locator("#out");
    await page.locator("#out[data-tandem=live] svg").first().waitFor();
    await page.getByText("SIMULATED").waitFor();
    strictEqual(await output.getByAltText("picture").isVisible(), false);
    await hub[Symbol.asyncDispose]();
    await page.locator("#out[data-tandem=lost]").waitFor();
    match((await output.getAttribute("data-tandem-note"))!, /^Not connected/);
    strictEqual(await page.locator("#out svg").count(), 6, "the chart stays");
    await using _again = await startHub({ ...options, port: hub.port });
    await page.locator("#out[data-tandem=live]").waitFor();
    await output.evaluate((node) => node.remove());
    await page.goto("about:blank");
  },
);

browserTest(
  "a notebook's picture stays where there is no hub",
  { ...WIDE, allowed: /ERR_CONNECTION|favicon|404|Failed to fetch/ },
  async (page) => {
    using market = new Market();
    const gone = await startHub({ open: market.open });
    await gone[Symbol.asyncDispose]();
    await using notebook = notebookPage(hydrateScript(gone.url));
    await page.goto(`http://localhost:${notebook.addr.port}/`);
    strictEqual(await page.getByAltText("picture").isVisible(), true);
    await page.goto("about:blank");
  },
);

browserTest(
  "the page fits a telephone in the dark",
  { viewport: { width: 400, height: 800 }, colorScheme: "dark", hasTouch: true },
  (page) =>
    withPage(page, async () => {
      const [width, background] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        getComputedStyle(document.body).backgroundColor,
      ]);
      strictEqual(width, 400);
      strictEqual(background, "rgb(16, 18, 22)");
    }),
);
