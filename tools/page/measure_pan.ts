/// <reference lib="dom" />
import type { Browser } from "npm:playwright-core@1.65.1";
import type { Chart, mount } from "../../lib/live/client/chart/chart.ts";
import { root } from "../support/process.ts";

const FRAMES = 240;

/** How panning a chart feels. */
export interface PanCost {
  /** Rows of the chart; half of them are in view. */
  readonly points: number;
  /** Panels with one line each. */
  readonly panels: number;
  /** 95th percentile of the time between frames, ms. */
  readonly frameP95Ms: number;
  /** The same of the same page while nothing is drawn: what the machine allows at that moment. */
  readonly idleP95Ms: number;
  /** CPU time of the page's main thread per frame, ms: script, style, layout and paint. */
  readonly cpuMs: number;
}

/** Measures panning by an arrow key every frame, in a page that holds nothing but a chart (P11). */
export async function measurePan(browser: Browser, points: number): Promise<PanCost> {
  const script = await Deno.readFile(`${root}/lib/live/dist/chart.js`);
  const html = `<!doctype html><div id="chart" style="width:900px"></div>`;
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const isScript = request.url.endsWith(".js");
    const type = isScript ? "text/javascript" : "text/html";
    return new Response(isScript ? script : html, { headers: { "content-type": type } });
  });
  const page = await browser.newPage({ viewport: { width: 1_000, height: 700 } });
  await page.goto(`http://127.0.0.1:${server.addr.port}/`);
  const devtools = await page.context().newCDPSession(page);
  // CPU time of the thread, which other programs on the machine do not lengthen.
  await devtools.send("Performance.setTimeDomain", { timeDomain: "threadTicks" });
  await devtools.send("Performance.enable");
  const taskSeconds = async () => {
    const { metrics } = await devtools.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration")!.value;
  };
  await page.evaluate(mountHere, points);
  const idleP95Ms = await page.evaluate(panHere, { frames: FRAMES, isIdle: true });
  const before = await taskSeconds();
  const frameP95Ms = await page.evaluate(panHere, { frames: FRAMES, isIdle: false });
  const cpuMs = 1_000 * (await taskSeconds() - before) / FRAMES;
  await page.close();
  return { points, panels: 3, frameP95Ms, idleP95Ms, cpuMs };
}

declare global {
  /** The chart that is measured. */
  var measured: Chart;
}

/** Runs in the page, where nothing from outside is known: mounts a chart of three walks. */
async function mountHere(points: number): Promise<void> {
  const module: { mount: typeof mount } = await import(new URL("chart.js", location.href).href);
  const keys = ["a", "b", "c"];
  let seed = 7;
  const noise = () => (seed = seed * 16_807 % 2_147_483_647) / 2_147_483_647 - 0.5;
  const column = () => {
    let value = 100;
    return Array.from({ length: points }, () => value += noise());
  };
  const columns = {
    t: Array.from({ length: points }, (_, row) => 1_790_000_000_000 + 1_000 * row),
    ...Object.fromEntries(keys.map((key) => [key, column()])),
  };
  const panels = keys.map((key) => ({
    ...{ key, label: key, unit: "", height: 140, scale: "linear", values: "level" } as const,
    series: [{ kind: "line", key, label: key, color: "blue" } as const],
    ...{ rules: [], bands: [] },
  }));
  const titles = { title: "Pan", subtitle: "" };
  const spec = { ...titles, panels, marks: [], intervalMs: 1_000, breakAfterMs: null };
  globalThis.measured = module.mount(document.getElementById("chart")!, spec, columns);
}

/** Runs in the page: zooms to about half and pans to and fro, a step per frame, or lets it rest. */
async function panHere(
  { frames, isIdle }: { readonly frames: number; readonly isIdle: boolean },
): Promise<number> {
  const root = document.getElementById("chart")!.shadowRoot!.querySelector<HTMLElement>(".chart")!;
  root.focus();
  const press = (key: string) =>
    root.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  const frame = () => new Promise<number>((done) => requestAnimationFrame(done));
  if (!isIdle) {
    press("+");
    press("+");
    await frame();
  }
  const gaps: number[] = [];
  let before = await frame();
  for (let k = 0; k < frames; k++) {
    const { draws } = measured.state();
    if (!isIdle) press(k % 8 < 4 ? "ArrowLeft" : "ArrowRight");
    // The chart asked for this frame first, so it is drawn when ours comes.
    const now = await frame();
    if (!isIdle && measured.state().draws === draws) {
      throw new Error("The chart was not drawn again");
    }
    gaps.push(now - before);
    before = now;
  }
  return gaps.toSorted((a, b) => a - b)[Math.floor(0.95 * (frames - 1))]!;
}
