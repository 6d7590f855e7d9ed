import { project } from "./database.ts";
import { wait } from "./prelude.ts";

/**
 * Runs one of the project's programs to its end, as `deno task NAME` does.
 *
 * @throws {Error} With what it said, if it fails.
 */
export async function runProgram(name: string, ...args: readonly string[]): Promise<string> {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", `${project}/lib/apps/launch.ts`, name, ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    env: { NO_COLOR: "1" },
  }).output();
  const { success, stdout, stderr } = await wait(process);
  const decoder = new TextDecoder();
  if (!success) {
    const said = decoder.decode(stderr).trim().split("\n");
    throw new Error(said.findLast((line) => !line.startsWith("Try ")) ?? `"${name}" failed`);
  }
  return decoder.decode(stdout).trim();
}
