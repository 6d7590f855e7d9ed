/**
 * The tests in lanes: each a `deno test` of its own, all at the same time.
 *
 * One run takes file after file, and most files wait for sockets and other programs while a core is
 * idle. Three runs at once take half the time on two cores; more would only be in each other's way.
 *
 * @module
 */

import { root } from "./process.ts";

/** What does not run with all the rest; about as long as each other. */
const APART = [
  ["tests/end_to_end"],
  ["tests/apps", "tests/bus", "tests/exchange", "tests/feed", "tests/store"],
];

/**
 * Returns what each lane is to run, as arguments of `deno test`.
 *
 * The last has what no other names. It names it too: of several folders `deno test` of 2.9.6 takes
 * all that they hold, whatever it is told to ignore.
 *
 * @returns Paths, a list for each lane; together they cover every test once.
 *
 * @example
 * ```ts
 * import { deepStrictEqual, ok } from "node:assert/strict";
 *
 * const lanes = await testLanes();
 * deepStrictEqual(lanes[0], ["tests/end_to_end"]);
 * ok(lanes.at(-1)!.includes("README.md"));
 * ```
 */
export async function testLanes(): Promise<string[][]> {
  const folders: string[] = [];
  for await (const { name } of Deno.readDir(`${root}/tests`)) folders.push(`tests/${name}`);
  const rest = folders.filter((folder) => !APART.flat().includes(folder)).sort();
  return [...APART, ["lib", ...rest, "docs", "README.md"]];
}
