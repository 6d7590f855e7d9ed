import { ok } from "node:assert/strict";

/**
 * DuckDB is a program of 64 MB. It runs in a process of its own that writes no `deno.lock`: whatever
 * stands there is downloaded by everyone who starts any program.
 */
const SCRIPT = `
const { DuckDBInstance } = await import("npm:@duckdb/node-api@1.4.4-r.1");
const connection = await (await DuckDBInstance.create(":memory:")).connect();
const results = [];
for (const sql of JSON.parse(Deno.args[0])) {
  results.push((await connection.runAndReadAll(sql)).getRowObjectsJson());
}
console.log(JSON.stringify(results));
Deno.exit(0);
`;

/** Runs statements of DuckDB one after the other; gives the rows of each, big integers as text. */
export async function duckdbAll(...statements: string[]): Promise<Record<string, unknown>[][]> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", "--no-lock", "--no-config", SCRIPT, JSON.stringify(statements)],
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  ok(success, decoder.decode(stderr));
  return JSON.parse(decoder.decode(stdout));
}

/** Runs one statement of DuckDB; gives its rows, big integers as text. */
export async function duckdb(statement: string): Promise<Record<string, unknown>[]> {
  return (await duckdbAll(statement))[0]!;
}
