// deno-lint-ignore-file no-console -- a command-line tool reports on the console
/**
 * Bundles what a browser loads into `lib/live/dist`: `chart.js`, and `files.js` for those who open
 * files.
 *
 * The bundles are committed, so that nobody has to build them before the first chart. `--check` fails
 * when building again gives other bytes.
 *
 *     deno task build:client [--check]
 *
 * @module
 */
import { root } from "./support/process.ts";

const BUNDLES = [
  { entry: "lib/live/client/main.ts", bundle: "lib/live/dist/chart.js" },
  { entry: "lib/live/client/files/file_tools.ts", bundle: "lib/live/dist/files.js" },
] as const;

/** The version of Deno whose bundler made the committed bundle; another may give other bytes. */
export const BUILT_WITH = "2.9.6";

/**
 * Builds a bundle.
 *
 * @param entry The module it begins with.
 * @returns Its bytes.
 */
export async function buildClient(entry: string): Promise<Uint8Array<ArrayBuffer>> {
  const path = await Deno.makeTempFile({ suffix: ".js" });
  try {
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["bundle", "--quiet", "--platform", "browser", "--minify", "--output", path, entry],
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
 * Returns whether the committed bundles are what building gives.
 *
 * @returns `true` when the bytes are the same.
 */
export async function isClientBuilt(): Promise<boolean> {
  for (const { entry, bundle } of BUNDLES) {
    const built = await buildClient(entry);
    const committed = await Deno.readFile(`${root}/${bundle}`).catch(() => new Uint8Array());
    if (built.length !== committed.length) return false;
    if (!built.every((byte, k) => byte === committed[k])) return false;
  }
  return true;
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--check")) {
    if (await isClientBuilt()) return 0;
    console.error("lib/live/dist is not what lib/live/client gives: run deno task build:client");
    return 1;
  }
  await Deno.mkdir(`${root}/lib/live/dist`, { recursive: true });
  for (const { entry, bundle } of BUNDLES) {
    const bytes = await buildClient(entry);
    await Deno.writeFile(`${root}/${bundle}`, bytes);
    console.log(`Wrote ${bundle}, ${bytes.length.toLocaleString("en")} bytes`);
  }
  return 0;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
