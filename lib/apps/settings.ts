import type { Command, Option } from "commander";
import { Command as Describing } from "commander";
import { resolve } from "node:path";
import { z } from "zod";
import { option } from "./options.ts";
import { type Place, type Program, UsageError } from "./program.ts";
import { PROGRAMS } from "./programs.ts";

/** The file that is read when none is named, in the folder a program is started in. */
const FILE = "tandem.json";

const VALUE = z.union([z.string(), z.number(), z.boolean()], {
  error: "it must be a text, a number, true or false",
});
const SETTINGS = z.record(
  z.string(),
  z.union([VALUE, z.record(z.string(), VALUE)], {
    error: "it must be a text, a number, true or false, or the settings of one program",
  }),
);
type Value = z.infer<typeof VALUE>;

/** `--config`, the same for every program. */
export function configOption(): Option {
  return option("--config <file>", `settings (default: ${FILE} in this folder, if there is one)`);
}

/**
 * Gives a program's options the values of the file of settings, where neither the command line nor
 * the environment did.
 *
 * The file is JSON, `{"db": "data/a.db", "ingest": {"warm": "1h"}}`: the names are those of the
 * options without their dashes, for every program that has the option, or for the one under whose
 * name they stand, which win. Only what can be an environment variable can be a setting.
 *
 * @throws {UsageError} If the file cannot be read, or a setting has a name or value that makes no
 *   sense to any program: a typing error is no silent default.
 */
export function applySettings(
  command: Command,
  program: { readonly name: string },
  place: Place,
): void {
  const named = command.opts().config as string | undefined;
  if (named === "") return;
  const path = resolve(place.working, named ?? FILE);
  const settings = read(path, named !== undefined);
  if (settings === null) return;
  const own: Record<string, Value> = {};
  for (const [name, value] of Object.entries(settings)) {
    if (typeof value === "object") {
      checkSection(path, name, value);
      if (name === program.name) continue;
    } else {
      checkShared(path, name);
      own[name] = value;
    }
  }
  const section = settings[program.name];
  if (typeof section === "object") Object.assign(own, section);
  for (const each of settable(command)) {
    const value = own[each.name()];
    if (value === undefined) continue;
    const source = command.getOptionValueSource(each.attributeName());
    if (source !== undefined && source !== "default") continue;
    const read = valueOf(path, each, value);
    if (read !== undefined) {
      command.setOptionValueWithSource(each.attributeName(), read, "config");
    }
  }
}

function read(path: string, isNamed: boolean): z.infer<typeof SETTINGS> | null {
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (cause) {
    if (!isNamed && cause instanceof Deno.errors.NotFound) return null;
    throw new UsageError(
      `Cannot read the settings in "${path}": ${
        cause instanceof Deno.errors.NotFound ? "there is no such file" : (cause as Error).message
      }`,
      { cause },
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new UsageError(
      `Cannot read the settings in "${path}" as they are no JSON: ${(cause as Error).message}`,
      { cause },
    );
  }
  const parsed = SETTINGS.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue!.path.length === 0 ? "" : ` "${issue!.path.join(".")}" in`;
  throw new UsageError(
    `Cannot use the settings:${place} "${path}": ${
      issue!.path.length === 0 ? "it must be an object, { … }" : issue!.message
    }`,
  );
}

function checkShared(path: string, name: string): void {
  for (const program of PROGRAMS.values()) {
    if (optionsOf(program).some((each) => each.name() === name)) return;
  }
  throw new UsageError(
    `Cannot use the setting "${name}" in "${path}" as no program has an option --${name} that can be a setting`,
  );
}

function checkSection(path: string, name: string, section: Readonly<Record<string, Value>>): void {
  const program = PROGRAMS.get(name);
  if (program === undefined) {
    throw new UsageError(
      `Cannot use the settings of "${name}" in "${path}" as there is no such program`,
    );
  }
  const known = optionsOf(program).map((each) => each.name());
  const unknown = Object.keys(section).find((setting) => !known.includes(setting));
  if (unknown === undefined) return;
  throw new UsageError(
    `Cannot use the setting "${name}.${unknown}" in "${path}" as ${name} has no option --${unknown} that can be a setting`,
  );
}

function optionsOf(program: Program<unknown>): Option[] {
  const command = new Describing();
  program.describe(command);
  return settable(command);
}

/** What can be an environment variable, apart from the file itself. */
function settable(command: Command): Option[] {
  return command.options.filter((each) =>
    each.envVar !== undefined && each.name() !== configOption().name()
  );
}

/** A value as the command line would give it; `undefined` for a flag that is not set. */
function valueOf(path: string, each: Option, value: Value): unknown {
  const isFlag = each.isBoolean();
  if (isFlag !== (typeof value === "boolean")) {
    throw new UsageError(
      `Cannot use the setting "${each.name()}" in "${path}": it must be ${
        isFlag ? "true or false" : "a text or a number"
      }`,
    );
  }
  if (isFlag) return value || undefined;
  try {
    return each.parseArg === undefined ? String(value) : each.parseArg(String(value), undefined);
  } catch (error) {
    throw new UsageError(
      `Cannot use the setting "${each.name()}" in "${path}": ${(error as Error).message}`,
      { cause: error },
    );
  }
}
