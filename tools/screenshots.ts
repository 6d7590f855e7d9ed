// deno-lint-ignore-file no-console -- a command-line tool reports on the console
/**
 * Takes the pictures of the documentation from the simulated market.
 *
 *     deno run -A tools/screenshots.ts
 *
 * @module
 */
import { chromium } from "npm:playwright-core@1.65.1";
import { root } from "./support/process.ts";

/** One picture: its name, the size of the window and the colours. */
const PICTURES = [
  { name: "live_view", width: 1_280, height: 1_000, colorScheme: "light" },
  { name: "live_view_dark", width: 1_280, height: 1_000, colorScheme: "dark" },
] as const;

/** How long the market runs before the picture is taken, in ms. */
const RUN_MS = 6_000;

const demo = new Deno.Command(Deno.execPath(), {
  args: ["task", "--quiet", "demo", "--port", "0"],
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
const [url] = /http:\/\/\S+/.exec(said) ?? [];
if (url === undefined) throw new Error(`Cannot take pictures as the demo gave no address: ${said}`);

const browser = await chromium.launch({
  executablePath: Deno.env.get("CHROMIUM_PATH") ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-background-networking"],
});
for (const { name, width, height, colorScheme } of PICTURES) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  await page.goto(url);
  await page.waitForTimeout(RUN_MS);
  const path = `${root}/docs/pictures/${name}.png`;
  await page.screenshot({ path });
  await page.close();
  console.log(`Wrote ${path}`);
}
await browser.close();
demo.kill("SIGTERM");
await demo.stdout.cancel();
await demo.status;
