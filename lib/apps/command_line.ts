import { Command, CommanderError } from "commander";
import type { Place, Program } from "./program.ts";
import { UsageError } from "./program.ts";
import { applySettings, configOption } from "./settings.ts";

/** What reading a command line came to: options to run with, or an exit. */
export type Reading<Options> =
  | {
    readonly kind: "run";
    readonly options: Options;
    readonly verbose: boolean;
    readonly proxy: string | null;
  }
  | { readonly kind: "exit"; readonly code: number; readonly out: string; readonly err: string };

/** Reads the arguments, `TANDEM_…` variables and the file of settings given to a program. */
export function readCommandLine<Options>(
  program: Program<Options>,
  args: readonly string[],
  place: Place,
): Reading<Options> {
  let out = "";
  let err = "";
  const command = new Command(`deno task ${program.name}`)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => out += text,
      writeErr: (text) => err += text,
    })
    .showSuggestionAfterError()
    .helpOption("-h, --help", "show this help");
  program.describe(command);
  command.addOption(configOption());
  command.option("--verbose", "show where an error came from");
  try {
    command.parse([...args], { from: "user" });
    applySettings(command, program, place);
    const options = program.read(command, place);
    const { verbose, proxy } = command.opts();
    return { kind: "run", options, verbose: verbose === true, proxy: proxy ?? null };
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) {
      return { kind: "exit", code: 0, out, err };
    }
    const said = error instanceof UsageError ? error.message : err.trim();
    if (!(error instanceof UsageError) && !(error instanceof CommanderError)) throw error;
    const sentence = said.replace(/^error: /, "").replace(/^./, (c) => c.toUpperCase());
    return {
      kind: "exit",
      code: 2,
      out,
      err: `${sentence}\nTry "deno task ${program.name} --help"\n`,
    };
  }
}
