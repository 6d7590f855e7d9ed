import { symbolName } from "../market/mod.ts";
import { controlClient } from "./control_client.ts";
import { databaseOption, databasePath } from "./options.ts";
import { type Program, UsageError } from "./program.ts";
import { storeFolder } from "./store_access.ts";

interface SymbolsOptions {
  readonly database: string;
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** `deno task symbols`: which symbols a running ingest follows, and changing that. */
export const symbols: Program<SymbolsOptions> = {
  name: "symbols",
  describe(command) {
    command
      .description("List the symbols a running ingest follows, or change them while it runs.")
      .argument("[action]", "add or remove; nothing lists them")
      .argument("[symbols...]", "symbols such as SOLUSDT")
      .addOption(databaseOption())
      .addHelpText(
        "after",
        "\nExamples:\n  deno task symbols\n  deno task symbols add SOLUSDT\n  deno task symbols remove SOLUSDT",
      );
  },
  read(command, place) {
    const [action, ...given] = command.args;
    const named = given.map(symbolName);
    if (action !== undefined && action !== "add" && action !== "remove") {
      throw new UsageError(`Cannot "${action}" symbols: choose add or remove`);
    }
    if (action !== undefined && named.length === 0) {
      throw new UsageError(`Cannot ${action} as no symbol is named`);
    }
    return {
      database: databasePath(command.opts().db, place),
      add: action === "add" ? named : [],
      remove: action === "remove" ? named : [],
    };
  },
  permissions: ({ database }) => ({ net: ["127.0.0.1"], read: [storeFolder(database)] }),
  async run({ database, add, remove }, { report }) {
    const client = await controlClient(database);
    const { streams } = add.length + remove.length === 0
      ? await client.ingestStatus()
      : await client.change(add, remove);
    for (const [symbol, state] of Object.entries(streams)) report.print(`${symbol} ${state}`);
  },
};
