// deno-lint-ignore-file no-console -- a command-line tool reports on the console
/**
 * Bundles what a browser loads into `lib/live/dist/chart.js`.
 *
 * The bundle is committed, so that nobody has to build it before the first chart. `--check` fails
 * when building again gives other bytes.
 *
 *     deno task build:client [--check]
 *
 * @module
 */
import { root } from "./support/process.ts";

const ENTRY = "lib/live/client/main.ts";
const BUNDLE = "lib/live/dist/chart.js";

/** The version of Deno whose bundler made the committed bundle; another may give other bytes. */
export const BUILT_WITH = "2.9.6";

/**
 * Builds the bundle.
 *
 * @returns Its bytes.
 */
export async function buildClient(): Promise<Uint8Array<ArrayBuffer>> {
  const path = await Deno.makeTempFile({ suffix: ".js" });
  try {
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["bundle", "--quiet", "--platform", "browser", "--minify", "--output", path, ENTRY],
      cwd: root,
      env: { NO_COLOR: "1" },
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr).trim());
    return await Deno.readFile(path);
  } finally {
    await Deno.remove(path);
  }
}

/**
 * Returns whether the committed bundle is what building gives.
 *
 * @returns `true` when the bytes are the same.
 */
export async function isClientBuilt(): Promise<boolean> {
  const [built, committed] = await Promise.all([
    buildClient(),
    Deno.readFile(`${root}/${BUNDLE}`).catch(() => new Uint8Array()),
  ]);
  return built.length === committed.length && built.every((byte, k) => byte === committed[k]);
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--check")) {
    if (await isClientBuilt()) return 0;
    console.error(`${BUNDLE} is not what ${ENTRY} gives: run deno task build:client`);
    return 1;
  }
  const bundle = await buildClient();
  await Deno.mkdir(`${root}/lib/live/dist`, { recursive: true });
  await Deno.writeFile(`${root}/${BUNDLE}`, bundle);
  console.log(`Wrote ${BUNDLE}, ${bundle.length.toLocaleString("en")} bytes`);
  return 0;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
