// deno-lint-ignore-file no-console -- a command-line tool reports on the console
/**
 * Checks that everything the rooms export is documented.
 *
 * Every symbol, every public member and every field of a record needs a comment; every function
 * also `@param` for each parameter, `@returns` unless it returns nothing, and an `@example` that
 * holds a `ts` block; every class an `@example`. `deno doc --lint` checks less.
 *
 *     deno task check:docs [lib/room/mod.ts …]
 *
 * @module
 */
import { root, runDeno } from "./support/process.ts";

interface Tag {
  readonly kind: string;
  readonly name?: string;
  readonly doc?: string;
}

interface Documented {
  readonly name?: string;
  readonly kind?: string;
  readonly location: { readonly filename: string; readonly line: number };
  readonly jsDoc?: { readonly doc?: string; readonly tags?: readonly Tag[] };
}

interface Param {
  readonly kind: string;
  readonly name?: string;
  readonly left?: Param;
  readonly arg?: Param;
}

interface Member extends Documented {
  readonly name: string;
  readonly accessibility?: string;
  readonly isOverride?: boolean;
}

interface Declaration extends Documented {
  readonly kind: string;
  readonly declarationKind: string;
  readonly def: {
    readonly params?: readonly Param[];
    readonly returnType?: { readonly repr?: string };
    readonly hasBody?: boolean;
    readonly properties?: readonly Member[];
    readonly methods?: readonly Member[];
  };
}

/** The answer of `deno doc --json`, version 2. Line numbers count from 0. */
export interface DocOutput {
  readonly version: number;
  readonly nodes: Readonly<
    Record<string, {
      readonly module_doc?: { readonly doc?: string };
      readonly symbols: readonly {
        readonly name: string;
        readonly declarations: readonly Declaration[];
      }[];
    }>
  >;
}

function hasText(node: Documented): boolean {
  return (node.jsDoc?.doc ?? "").trim() !== "";
}

function tags(node: Documented, kind: string): Tag[] {
  return (node.jsDoc?.tags ?? []).filter((tag) => tag.kind === kind && tag.doc?.trim());
}

function hasExample(node: Documented): boolean {
  return tags(node, "example").some((tag) => tag.doc!.includes("```ts"));
}

function functionProblems(declaration: Declaration): string[] {
  const problems: string[] = [];
  const params = (declaration.def.params ?? [])
    .map((param) => param.name ?? param.left?.name ?? param.arg?.name);
  const documented = new Set(tags(declaration, "param").map((tag) => tag.name));
  let spare = documented.size - params.filter((name) => documented.has(name)).length;
  for (const name of params) {
    const isDocumented = name === undefined ? spare-- > 0 : documented.has(name);
    if (!isDocumented) problems.push(`no @param ${name ?? "for the destructured parameter"}`);
  }
  const result = declaration.def.returnType?.repr;
  if (result !== "void" && tags(declaration, "return").length === 0) problems.push("no @returns");
  if (!hasExample(declaration)) problems.push("no @example with a ts block");
  return problems;
}

function memberProblems(declaration: Declaration): [Member, string][] {
  const { properties = [], methods = [] } = declaration.def;
  return [...properties, ...methods]
    .filter((member) => member.accessibility === undefined || member.accessibility === "public")
    .filter((member) => !member.isOverride && !/^\[Symbol\./.test(member.name))
    .filter((member) => !hasText(member))
    .map((member) => [member, `.${member.name}: no comment`]);
}

/**
 * Returns what is undocumented.
 *
 * @param output What `deno doc --json` printed.
 * @returns Lines such as `file:///a.ts:7 sum(): no @returns`, sorted, each once.
 */
export function findUndocumented(output: DocOutput): string[] {
  if (output.version !== 2) {
    throw new Error(`Cannot read deno doc --json as version must be 2: it is ${output.version}`);
  }
  const found = new Set<string>();
  const at = ({ location }: Documented) => `${location.filename}:${location.line + 1}`;
  for (const [file, module] of Object.entries(output.nodes)) {
    if (!module.module_doc?.doc?.trim()) found.add(`${file}:1 the module: no comment`);
    for (const { name, declarations } of module.symbols) {
      const isOverloaded = declarations.filter((d) => d.kind === "function").length > 1;
      for (const declaration of declarations) {
        if (declaration.declarationKind === "private") continue;
        if (isOverloaded && declaration.def.hasBody) continue;
        if (!hasText(declaration)) found.add(`${at(declaration)} ${name}: no comment`);
        if (declaration.kind === "function") {
          for (const problem of functionProblems(declaration)) {
            found.add(`${at(declaration)} ${name}(): ${problem}`);
          }
        }
        if (declaration.kind === "class" && !hasExample(declaration)) {
          found.add(`${at(declaration)} ${name}: no @example with a ts block`);
        }
        for (const [member, problem] of memberProblems(declaration)) {
          found.add(`${at(member)} ${name}${problem}`);
        }
      }
    }
  }
  return [...found].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

async function doors(): Promise<string[]> {
  const found: string[] = [];
  for await (const room of Deno.readDir(`${root}/lib`)) {
    const door = room.isDirectory ? `lib/${room.name}/mod.ts` : `lib/${room.name}`;
    if (!door.endsWith("/mod.ts")) continue;
    const exists = await Deno.stat(`${root}/${door}`).then(() => true, () => false);
    if (exists) found.push(door);
  }
  return found.sort();
}

async function main(args: readonly string[]): Promise<number> {
  const files = args.length > 0 ? [...args] : await doors();
  const cwd = args.length > 0 ? Deno.cwd() : root;
  const problems = new Set<string>();
  // One at a time: of several doors that lead to one symbol, all but one would show a mere reference.
  for (const file of files) {
    const json = await runDeno(["doc", "--json", "--quiet", file], { cwd });
    if (json.code !== 0) {
      console.error(json.output);
      return 1;
    }
    const output = JSON.parse(json.output.slice(json.output.indexOf("{")));
    for (const problem of findUndocumented(output)) problems.add(problem);
  }
  for (const problem of problems) console.error(problem.replace(`file://${root}/`, ""));
  if (problems.size > 0) return 1;
  // What is left for it: types that are not exported, and results without a type.
  const lint = await runDeno(["doc", "--lint", "--quiet", ...files], { cwd });
  if (lint.code !== 0) {
    console.error(lint.output);
    return 1;
  }
  console.log(`Checked the documentation of ${files.length} modules`);
  return 0;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
