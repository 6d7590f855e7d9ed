/// <reference lib="dom" />
import type { Browser } from "npm:playwright-core@1.65.1";
import type { Chart, mount } from "../../lib/live/client/chart/chart.ts";
import { root } from "../support/process.ts";

const FRAMES = 240;

/**
 * How a reader pans: drags by one width of the view per second, turning every two seconds, or
 * presses an arrow key in every frame, which is seven widths per second to and fro.
 */
export type Gesture = "drag" | "keys";

/** How panning a chart feels. */
export interface PanCost {
  /** Rows of the chart; half of them are in view. */
  readonly points: number;
  /** Panels with one line each. */
  readonly panels: number;
  /** 95th percentile of the time between frames, ms. */
  readonly frameP95Ms: number;
  /** The longest time between frames, ms. */
  readonly frameMostMs: number;
  /** The same of the same page while nothing is drawn: what the machine allows at that moment. */
  readonly idleP95Ms: number;
  /** CPU time of the page's main thread per frame, ms: script, style, layout and paint. */
  readonly cpuMs: number;
}

/** Measures panning in a page that holds nothing but a chart (P11). */
export async function measurePan(
  browser: Browser,
  points: number,
  gesture: Gesture,
): Promise<PanCost> {
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
  const idle = await page.evaluate(panHere, { frames: FRAMES, gesture: null });
  const before = await taskSeconds();
  const moving = await page.evaluate(panHere, { frames: FRAMES, gesture });
  const cpuMs = 1_000 * (await taskSeconds() - before) / FRAMES;
  await page.close();
  const [idleP95Ms, frameP95Ms] = [p95(idle), p95(moving)];
  return { points, panels: 3, frameP95Ms, frameMostMs: Math.max(...moving), idleP95Ms, cpuMs };
}

function p95(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(0.95 * (values.length - 1))]!;
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

/** Runs in the page: zooms to about half, and pans a step per frame or lets it rest; ms per frame. */
async function panHere(
  { frames, gesture }: { readonly frames: number; readonly gesture: Gesture | null },
): Promise<number[]> {
  const root = document.getElementById("chart")!.shadowRoot!.querySelector<HTMLElement>(".chart")!;
  const area = root.querySelector<HTMLElement>(".panels")!;
  root.focus();
  const press = (key: string) =>
    root.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  const frame = () => new Promise<number>((done) => requestAnimationFrame(done));
  if (gesture !== null) {
    press("+");
    press("+");
    await frame();
  }
  let x = 500;
  const mouse = (type: string, target: EventTarget) => {
    const at = { clientX: x, clientY: 200, bubbles: true, view: globalThis.window };
    target.dispatchEvent(new MouseEvent(type, at));
  };
  const step = (k: number) => {
    if (gesture === "keys") press(k % 8 < 4 ? "ArrowLeft" : "ArrowRight");
    if (gesture !== "drag") return;
    x += (k + 60) % 240 < 120 ? 13.8 : -13.8;
    mouse("mousemove", globalThis.window);
  };
  if (gesture === "drag") mouse("mousedown", area);
  const gaps: number[] = [];
  let before = await frame();
  for (let k = 0; k < frames; k++) {
    const { draws } = measured.state();
    step(k);
    // The chart asked for this frame first, so it is drawn when ours comes.
    const now = await frame();
    if (gesture !== null && measured.state().draws === draws) {
      throw new Error("The chart was not drawn again");
    }
    gaps.push(now - before);
    before = now;
  }
  if (gesture === "drag") mouse("mouseup", globalThis.window);
  return gaps;
}
