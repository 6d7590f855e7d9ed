import {
  type Browser,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "npm:playwright-core@1.65.1";
import { findProgram } from "./find_program.ts";

const PLACES = [
  ...["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"],
  ...["/snap/bin/chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"],
];

const ARGS = [
  ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

/** The system's Chromium: `CHROMIUM_PATH`, else where it usually is, else `null`. */
export const chromiumPath: string | null = findProgram("CHROMIUM_PATH", PLACES);

let running: Promise<Browser> | undefined;

/** What a browser test may set. */
export type BrowserTestOptions = BrowserContextOptions & {
  /** Problems a page may log, for example because the test stops its server. */
  readonly allowed?: RegExp;
};

/**
 * Defines a test that drives a page of headless Chromium, or prints why it is skipped. Whatever the
 * page logs as an error fails the test.
 *
 * @param name The test's name.
 * @param options Size, colour scheme and the like.
 * @param body The test.
 */
export function browserTest(
  name: string,
  options: BrowserTestOptions,
  body: (page: Page) => Promise<void>,
): void {
  if (chromiumPath === null) {
    // deno-lint-ignore no-console -- a skipped test says why
    console.log(`skipped: "${name}" needs Chromium; set CHROMIUM_PATH to it`);
  }
  Deno.test({
    name,
    ignore: chromiumPath === null,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      const browser = await (running ??= launch());
      const { allowed, ...contextOptions } = options;
      const context = await browser.newContext(contextOptions);
      const problems: string[] = [];
      try {
        const page = await context.newPage();
        page.on("pageerror", (error) => problems.push(String(error)));
        page.on("console", (message) => {
          if (message.type() === "error") problems.push(message.text());
        });
        await body(page);
      } finally {
        await context.close();
      }
      const bad = problems.filter((problem) => !allowed?.test(problem));
      if (bad.length > 0) throw new Error(`The page logged errors: ${bad.join("\n")}`);
    },
  });
}

Deno.test.afterAll(async () => {
  await (await running)?.close();
  running = undefined;
});

function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath!, args: ARGS });
}
