// deno-lint-ignore-file no-console -- a command-line tool reports on the console
/**
 * Takes the pictures of the documentation from the simulated market.
 *
 *     deno run -A tools/screenshots.ts
 *
 * @module
 */
import { chromium, type Page } from "npm:playwright-core@1.65.1";
import { root } from "./support/process.ts";

/** One picture: where to look, how large, in which colours, and what to do before it is taken. */
interface Picture {
  readonly name: string;
  readonly search: string;
  readonly width: number;
  readonly height: number;
  readonly colorScheme?: "light" | "dark";
  readonly act?: (page: Page) => Promise<void>;
}

const PAIR = "?y=ETHUSDT&x=BTCUSDT";
const WIDE = { width: 1_280, height: 1_000 };

/** What a picture may weigh in the repository. */
const MOST_BYTES = 250_000;

const PICTURES: readonly Picture[] = [
  { name: "live_view", search: PAIR, ...WIDE },
  { name: "live_view_dark", search: PAIR, ...WIDE, colorScheme: "dark" },
  {
    ...{ name: "chart_hover", search: `${PAIR}&method=kalman&last=300`, width: 1_280, height: 900 },
    act: async (page) => {
      const box = await page.locator("#chart section[aria-label='z-score'] .plot").boundingBox();
      await page.mouse.move(box!.x + box!.width * 0.62, box!.y + box!.height / 2);
    },
  },
  {
    ...{ name: "candles", search: `${PAIR}&chart=y&last=300`, width: 1_280, height: 760 },
    act: async (page) => {
      await page.locator("#watch").click();
      await page.evaluate("scrollTo(0, 0)");
    },
  },
  {
    ...{ name: "reports", search: `${PAIR}&report=tests`, width: 1_280, height: 720 },
    act: async (page) => {
      await page.locator("#report tbody tr").first().waitFor();
      await page.locator(".report").scrollIntoViewIfNeeded();
      await page.evaluate("scrollTo(0, document.body.scrollHeight)");
    },
  },
  {
    ...{ name: "universe", search: "?view=universe&rows=all", width: 1_440, height: 1_000 },
    act: async (page) => {
      await page.locator(".ranking tbody tr").nth(20).waitFor();
      await page.locator(".ranking tbody tr").nth(3).hover();
    },
  },
  { name: "data", search: "?view=data", width: 1_280, height: 900 },
  { name: "telephone", search: PAIR, width: 400, height: 860, colorScheme: "dark" },
];

/** How long the market runs before a picture is taken, in ms. */
const RUN_MS = 6_000;

const demo = new Deno.Command(Deno.execPath(), {
  args: ["task", "--quiet", "demo", "--port", "0", "--symbols", "40"],
  cwd: root,
  stdin: "null",
  stdout: "piped",
  stderr: "null",
}).spawn();

const decoder = new TextDecoder();
let said = "";
for await (const bytes of demo.stdout.values({ preventCancel: true })) {
  said += decoder.decode(bytes, { stream: true });
  if (said.includes("Ctrl-C")) break;
}
const [address] = /http:\/\/[^?\s]+/.exec(said) ?? [];
if (address === undefined) {
  throw new Error(`Cannot take pictures as the demo gave no address: ${said}`);
}

const browser = await chromium.launch({
  executablePath: Deno.env.get("CHROMIUM_PATH") ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-background-networking"],
});
for (const { name, search, width, height, colorScheme = "light", act } of PICTURES) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  await page.goto(address + search);
  await page.waitForTimeout(RUN_MS);
  await act?.(page);
  await page.waitForTimeout(1_000);
  const path = `${root}/docs/pictures/${name}.png`;
  const { length } = await page.screenshot({ path });
  await page.close();
  console.log(`Wrote ${path}, ${length.toLocaleString("en")} bytes`);
  if (length > MOST_BYTES) throw new Error(`Cannot keep ${name}.png: it is larger than 250 kB`);
}
await browser.close();
demo.kill("SIGTERM");
await demo.stdout.cancel();
await demo.status;
