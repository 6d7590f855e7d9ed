import { type Place, UsageError } from "./program.ts";

const FOLDER = "lib/feed/ccxt/gateway";

/**
 * The hosts of venues, which ccxt is asked for in a process that may reach none of them. It is fetched
 * for that at the first use.
 *
 * @throws {UsageError} If ccxt cannot be fetched, or does not know one of them.
 */
export function ccxtHosts(venues: readonly string[], place: Place): string[] {
  const { success, stdout, stderr } = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-prompt", "--frozen"],
      `--config=${place.project}/${FOLDER}/ccxt.json`,
      "--allow-env=WS_NO_BUFFER_UTIL,WS_NO_UTF_8_VALIDATE",
      ...[`${place.project}/${FOLDER}/hosts.ts`, ...venues],
    ],
    env: { DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" },
  }).outputSync();
  if (!success) {
    const said = new TextDecoder().decode(stderr).trim().split("\n")[0] ?? "";
    throw new UsageError(
      `Cannot start ccxt as it cannot be fetched from the npm registry, or loaded: ${
        said.replace(/^error: /, "")
      }; at the first use a network is needed`,
    );
  }
  const answer = JSON.parse(new TextDecoder().decode(stdout)) as
    | { readonly hosts: string[] }
    | { readonly unknown: string; readonly known: readonly string[] };
  if ("hosts" in answer) return answer.hosts;
  throw new UsageError(
    `Cannot start ccxt with "${answer.unknown}" as ccxt has no live trades of a venue of that name: ` +
      `it has ${answer.known.join(", ")}`,
  );
}
