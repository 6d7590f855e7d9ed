import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { type DocOutput, findUndocumented } from "../../tools/check_docs.ts";
import { run, runDeno } from "../../tools/support/process.ts";

const TOOL = decodeURIComponent(new URL("../../tools/check_docs.ts", import.meta.url).pathname);

async function problemsOf(source: string): Promise<string[]> {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, source);
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["doc", "--json", file],
      env: { NO_COLOR: "1" },
    }).output();
    const output: DocOutput = JSON.parse(new TextDecoder().decode(stdout));
    return findUndocumented(output).map((line) => line.replace(`file://${file}:`, ""));
  } finally {
    await Deno.remove(file);
  }
}

const MODULE = "/**\n * A module.\n *\n * @module\n */\n";
const EXAMPLE = " * @example One\n * ```ts\n * const one = 1;\n * ```\n *\n";

Deno.test("findUndocumented() accepts what is documented", async () => {
  const source = `${MODULE}/** A record. */
export interface Row {
  /** The price, quote per base. */
  readonly price: number;
  /** Says it. */
  say(): void;
}

/**
 * Doubles.
 *
${EXAMPLE} * @param x A number.
 * @param options The rest.
 * @returns Twice it.
 */
export function double(x: number, { by }: { by: number }): number {
  return x * by;
}

/**
 * Does nothing.
 *
${EXAMPLE} * @param words Some.
 */
export function nothing(...words: string[]): void {}

/**
 * A thing.
 *
${EXAMPLE} */
export class Thing {
  #secret = 1;
  private hidden = 2;
  /** Shown. */
  shown = 3;
  [Symbol.dispose](): void {}
}
`;
  deepStrictEqual(await problemsOf(source), []);
});

Deno.test("findUndocumented() names every omission with its line", async () => {
  const source = `export interface Row {
  readonly price: number;
}
/** Doubles. */
export function double(x: number = 1, { by }: { by: number }): number {
  return x * by;
}
/** A thing. */
export class Thing {
  shown = 3;
  say(): void {}
}
export const answer = 42;
`;
  deepStrictEqual(await problemsOf(source), [
    "1 Row: no comment",
    "1 the module: no comment",
    "2 Row.price: no comment",
    "5 double(): no @example with a ts block",
    "5 double(): no @param for the destructured parameter",
    "5 double(): no @param x",
    "5 double(): no @returns",
    "9 Thing: no @example with a ts block",
    "10 Thing.shown: no comment",
    "11 Thing.say: no comment",
    "13 answer: no comment",
  ]);
});

Deno.test("findUndocumented() asks the overloads, not the implementation", async () => {
  const doc = `/**\n * F.\n *\n${EXAMPLE} * @param x X.\n * @returns X.\n */\n`;
  const source = `${MODULE}${doc}export function f(x: number): number;
${doc}export function f(x: string): string;
export function f(x: unknown): unknown {
  return x;
}
`;
  deepStrictEqual(await problemsOf(source), []);
});

Deno.test("findUndocumented() refuses an output it does not know", () => {
  throws(() => findUndocumented({ version: 3, nodes: {} }), /version must be 2: it is 3/);
});

Deno.test("check_docs prints file and line and exits with 1", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/mod.ts`, "export const answer = 42;\n");
    const failing = await runDeno(["run", "-A", TOOL, "mod.ts"], { cwd: folder });
    strictEqual(failing.code, 1);
    deepStrictEqual(failing.output.split("\n").map((line) => line.replace(/^.*mod\.ts/, "")), [
      ":1 answer: no comment",
      ":1 the module: no comment",
    ]);
    await Deno.writeTextFile(
      `${folder}/mod.ts`,
      `${MODULE}/** It. */\nexport const answer = 42;\n`,
    );
    strictEqual((await runDeno(["run", "-A", TOOL, "mod.ts"], { cwd: folder })).code, 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("run() reports a program that is not there", async () => {
  deepStrictEqual((await run("no-such-program-here", [])).code, 127);
});
