// deno-lint-ignore-file no-console -- a command-line tool reports on the console
/**
 * Writes the reference of everything the rooms export as web pages into `docs/api/`, which is not
 * committed. Needs no network once the packages of deno.json have been downloaded, as any task does.
 *
 *     deno task docs
 *
 * @module
 */
import { root, runDeno } from "./support/process.ts";

/** The rooms' doors, as `deno.json` names them. */
async function doors(): Promise<string[]> {
  const { imports } = JSON.parse(await Deno.readTextFile(`${root}/deno.json`));
  return Object.entries(imports as Record<string, string>)
    .filter(([name, path]) => name.startsWith("tandem/") && path.startsWith("./"))
    .map(([, path]) => path);
}

const { code, output } = await runDeno([
  ...["doc", "--html", "--name=Tandem", "--output=docs/api"],
  ...await doors(),
]);
if (code !== 0) {
  console.error(output);
  Deno.exit(1);
}
console.log("Wrote docs/api/: open docs/api/index.html");
