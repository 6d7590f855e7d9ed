/**
 * Where tests find the fixtures and captured data that are not part of the project.
 *
 * `TANDEM_DATA` and `TANDEM_GOLDEN` name the folders; without them a folder `shared` beside the
 * checkout is used if it is there. The golden numbers fall back to the committed selection.
 */
function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

function named(variable: string, beside: string): string | null {
  const set = Deno.env.get(variable);
  if (set !== undefined && set !== "") {
    if (!isFolder(set)) {
      throw new Error(`Cannot read test data as ${variable} must name a folder: it is "${set}"`);
    }
    return set.replace(/\/$/, "");
  }
  const path = decodeURIComponent(new URL(`../../../shared/${beside}`, import.meta.url).pathname);
  return isFolder(path) ? path : null;
}

/** The folder of captured market data, or `null`: the test prints why it is skipped. */
export const dataFolder: string | null = named("TANDEM_DATA", "data");

/** The folder of golden fixtures: the full set where it is there, else the committed selection. */
export const goldenFolder: string = named("TANDEM_GOLDEN", "golden") ??
  decodeURIComponent(new URL("../golden/fixtures", import.meta.url).pathname);

/**
 * Defines a test that needs captured market data, or prints why it is skipped.
 *
 * @param name The test's name.
 * @param body The test; receives the data folder and the test context.
 */
export function dataTest(
  name: string,
  body: (folder: string, t: Deno.TestContext) => void | Promise<void>,
): void {
  const folder = dataFolder;
  if (folder === null) {
    // deno-lint-ignore no-console -- a skipped test says why
    console.log(`skipped: "${name}" needs captured market data; set TANDEM_DATA to its folder`);
  }
  Deno.test({ name, ignore: folder === null, fn: (t) => body(folder!, t) });
}
