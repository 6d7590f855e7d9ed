/**
 * Writes the committed selection of golden fixtures: simulated cases of every file, one at least
 * and as many as its share of the budget holds.
 *
 * `deno run --allow-read --allow-write tests/golden/select_fixtures.ts FOLDER`
 */
import type { FixtureFile } from "./fixture.ts";

/** Series that carry real market or public data; the committed cases use simulated ones. */
const REAL = /(^|[-_])(eu2?|macro|danish\d?|elnino|sunspots)([-_]|$)/;
const BYTES_PER_FILE = 12_000;

type Case = FixtureFile["cases"][number];

function dataNames(c: Case): string[] {
  return Object.values(c.inputs)
    .flat(Infinity)
    .filter((value): value is string => typeof value === "string" && value.startsWith("@"))
    .map((value) => value.slice(1));
}

function isSimulated(c: Case): boolean {
  return c.kind !== "real" && !REAL.test(c.id) && !dataNames(c).some((name) => REAL.test(name));
}

/** The cases that fit the budget, of as many kinds of question as possible. */
function select(file: FixtureFile): Case[] {
  const seen = new Map<string, number>();
  const simulated = file.cases.filter(isSimulated).map((c) => {
    const question = JSON.stringify([Object.keys(c.params), Object.keys(c.expected), c.params]);
    const turn = (seen.get(question) ?? 0) + 1;
    seen.set(question, turn);
    return { c, turn };
  });
  const size = (c: Case) => JSON.stringify(c).length;
  simulated.sort((a, b) => a.turn - b.turn || size(a.c) - size(b.c));
  const chosen: Case[] = [];
  const names = new Set<string>();
  let bytes = 0;
  for (const { c } of simulated) {
    const fresh = dataNames(c).filter((name) => !names.has(name));
    const cost = JSON.stringify(c).length +
      fresh.reduce((sum, name) => sum + JSON.stringify(file.data[name]).length, 0);
    if (bytes > 0 && bytes + cost > BYTES_PER_FILE) continue;
    bytes += cost;
    for (const name of fresh) names.add(name);
    chosen.push(c);
  }
  return chosen;
}

const [folder] = Deno.args;
if (folder === undefined) throw new Error("Cannot select fixtures as no folder is named");
const target = new URL("./fixtures/", import.meta.url);
await Deno.mkdir(target, { recursive: true });
let total = 0;
for (const entry of Deno.readDirSync(folder)) {
  if (!entry.name.endsWith(".json")) continue;
  const file: FixtureFile = JSON.parse(await Deno.readTextFile(`${folder}/${entry.name}`));
  const cases = select(file);
  if (cases.length === 0) continue;
  const names = new Set(cases.flatMap(dataNames));
  const data = Object.fromEntries(Object.entries(file.data).filter(([name]) => names.has(name)));
  const { schema, analytic, source, function: name, notes, tol } = file;
  const selection = { schema, analytic, set: "selection", source, function: name, notes, tol };
  const text = JSON.stringify({ ...selection, data, cases });
  total += text.length;
  await Deno.writeTextFile(new URL(entry.name, target), text + "\n");
  // deno-lint-ignore no-console -- a script says what it did
  console.log(`${entry.name}: ${cases.length} of ${file.cases.length} cases, ${text.length} bytes`);
}
// deno-lint-ignore no-console -- a script says what it did
console.log(`${total} bytes in all`);
