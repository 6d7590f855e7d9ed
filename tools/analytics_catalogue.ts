// deno-lint-ignore-file no-console -- a command-line tool reports on the console
/**
 * Writes `docs/analytics.md`, the catalogue of everything `stats` and `pairs` compute, from the
 * comments of the code and the table in `tools/support/analytics.ts`.
 *
 * It refuses an exported function or class that the table leaves out, a name that is not exported,
 * and a proof that does not mention what it is said to prove.
 *
 *     deno task catalogue [--check]
 *
 * @module
 */
import type { DocOutput } from "./check_docs.ts";
import { type Analytic, type Chapter, CHAPTERS } from "./support/analytics.ts";
import { root, runDeno } from "./support/process.ts";

/** A function or class as its comment describes it. */
export interface Described {
  /** Exported name. */
  readonly name: string;
  /** Whether it is a function. */
  readonly isFunction: boolean;
  /** The comment, without its tags. */
  readonly text: string;
  /** File of the declaration, relative to the checkout. */
  readonly file: string;
}

const ROOMS = ["stats", "pairs"];
const TARGET = "docs/analytics.md";

/**
 * Returns the functions and classes that `deno doc --json` found, by name.
 *
 * @param output Its answer for one module.
 */
export function describe(output: DocOutput): Map<string, Described> {
  const found = new Map<string, Described>();
  for (const { symbols } of Object.values(output.nodes)) {
    for (const { name, declarations } of symbols) {
      const declaration = declarations.find(({ kind }) => kind === "function" || kind === "class");
      if (declaration === undefined) continue;
      found.set(name, {
        name,
        isFunction: declaration.kind === "function",
        text: declaration.jsDoc?.doc?.trim() ?? "",
        file: declaration.location.filename.replace(`file://${root}/`, ""),
      });
    }
  }
  return found;
}

/**
 * Returns what is wrong with the table, one line each.
 *
 * @param chapters The table.
 * @param symbols What the rooms export.
 * @param proofOf The text that proves an entry, or `null` if there is no such file.
 */
export function findProblems(
  chapters: readonly Chapter[],
  symbols: ReadonlyMap<string, Described>,
  proofOf: (analytic: Analytic) => string | null,
): string[] {
  const entries = chapters.flatMap(({ analytics }) => analytics);
  const names = new Set(entries.map(({ name }) => name));
  const problems = [...symbols.keys()].filter((name) => !names.has(name))
    .map((name) => `${name}: exported, but not in tools/support/analytics.ts`);
  for (const analytic of entries) {
    const { name, proof, stream } = analytic;
    if (!symbols.has(name)) problems.push(`${name}: in the table, but not exported`);
    if (stream !== undefined && !symbols.has(stream)) {
      problems.push(`${name}: its form for streams, ${stream}, is not exported`);
    }
    const text = proofOf(analytic);
    if (text === null) problems.push(`${name}: there is no ${proof}`);
    else if (!new RegExp(`\\b${name}\\b`).test(text)) {
      problems.push(`${name}: ${proof} does not test it`);
    }
  }
  if (names.size < entries.length) problems.push("the table names a symbol twice");
  return problems;
}

/**
 * Returns the catalogue as Markdown, before formatting.
 *
 * @param chapters The table, free of problems.
 * @param symbols What the rooms export.
 */
export function renderCatalogue(
  chapters: readonly Chapter[],
  symbols: ReadonlyMap<string, Described>,
): string {
  const title = ({ name, isFunction }: Described) => isFunction ? `${name}()` : name;
  const count = chapters.reduce((sum, { analytics }) => sum + analytics.length, 0);
  const lines = [
    "# Analytics",
    "",
    `All ${count} functions and classes of \`tandem/stats\` and \`tandem/pairs\`: formula and source as`,
    "in the comments of the code, what each is compared with, and where. Written by",
    "`deno task catalogue`; [how to add one](add_an_analytic.md).",
    "",
    "A number that cannot be computed is `null`, with a reason. A fixture is a file of",
    "`tests/golden/fixtures`, made with the reference; a test holds the comparison itself.",
  ];
  for (const chapter of chapters) {
    lines.push("", `## ${chapter.title}`);
    for (const { name, reference, proof, stream } of chapter.analytics) {
      const symbol = symbols.get(name)!;
      const isFixture = proof.endsWith(".json");
      const path = isFixture ? `tests/golden/fixtures/${proof}` : proof;
      lines.push("", `### ${title(symbol)}`, "", symbol.text, "");
      lines.push(`- Compared with: ${reference}`);
      lines.push(`- ${isFixture ? "Fixture" : "Test"}: [${proof}](../${path})`);
      if (stream !== undefined) lines.push(`- Row by row: ${title(symbols.get(stream)!)}`);
      lines.push(`- Code: [${symbol.file}](../${symbol.file})`);
    }
  }
  return `${lines.join("\n")}\n`;
}

async function exportedSymbols(): Promise<Map<string, Described>> {
  const all = new Map<string, Described>();
  for (const room of ROOMS) {
    const { code, output } = await runDeno(["doc", "--json", "--quiet", `lib/${room}/mod.ts`]);
    if (code !== 0) throw new Error(`Cannot read the documentation of ${room}:\n${output}`);
    const symbols = describe(JSON.parse(output.slice(output.indexOf("{"))));
    for (const [name, symbol] of symbols) all.set(name, symbol);
  }
  return all;
}

function readOrNull(path: string): string | null {
  try {
    return Deno.readTextFileSync(`${root}/${path}`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** The test itself, or the adapter that runs the cases of a fixture and what it shares with others. */
function proofText({ proof }: Analytic): string | null {
  if (!proof.endsWith(".json")) return readOrNull(proof);
  const name = proof.replace(/\.json$/, "");
  const text = readOrNull(`tests/golden/adapters/${name}.ts`);
  if (text === null || readOrNull(`tests/golden/fixtures/${proof}`) === null) return null;
  const shared = [...text.matchAll(/from "\.\/(\w+)\.ts"/g)]
    .map(([, file]) => readOrNull(`tests/golden/adapters/${file}.ts`) ?? "");
  return [text, ...shared].join("\n");
}

/** Formats as `deno fmt` does, so that the file stays as it is written. */
async function formatted(markdown: string): Promise<string> {
  const file = await Deno.makeTempFile({ suffix: ".md" });
  try {
    await Deno.writeTextFile(file, markdown);
    const { code, output } = await runDeno(["fmt", "--config", `${root}/deno.json`, file]);
    if (code !== 0) throw new Error(`Cannot format the catalogue:\n${output}`);
    return await Deno.readTextFile(file);
  } finally {
    await Deno.remove(file);
  }
}

async function main(args: readonly string[]): Promise<number> {
  const symbols = await exportedSymbols();
  const problems = findProblems(CHAPTERS, symbols, proofText);
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) return 1;
  const text = await formatted(renderCatalogue(CHAPTERS, symbols));
  if (!args.includes("--check")) {
    await Deno.writeTextFile(`${root}/${TARGET}`, text);
    console.log(`Wrote ${TARGET}`);
    return 0;
  }
  if (text === readOrNull(TARGET)) {
    console.log(`${TARGET} is up to date`);
    return 0;
  }
  console.error(`${TARGET} is not up to date: run deno task catalogue`);
  return 1;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
