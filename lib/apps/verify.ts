import { dirname } from "node:path";
import { databaseOption, databasePath } from "./options.ts";
import { type Program, ProgramError } from "./program.ts";

/** What `deno task verify` was asked to do. */
export interface VerifyOptions {
  readonly database: string;
  /** The symbols to check; empty for all. */
  readonly symbols: readonly string[];
  readonly json: boolean;
}

/** `deno task verify`: whether stored bars follow from stored trades. */
export const verify: Program<VerifyOptions> = {
  name: "verify",
  describe(command) {
    command
      .description(
        "Derive every bar anew from the stored trades and compare; check ids against gaps.",
      )
      .argument("[symbols...]", "symbols to check; all when none is named")
      .addOption(databaseOption())
      .option("--json", "for programs")
      .addHelpText("after", "\nExamples:\n  deno task verify\n  deno task verify BTCUSDT --json");
  },
  read(command, place) {
    const o = command.opts();
    return {
      database: databasePath(o.db, place),
      symbols: command.args.map((s) => s.toUpperCase()),
      json: o.json === true,
    };
  },
  permissions: ({ database }) => ({ read: [dirname(database)] }),
  async run(options, { report, signal }) {
    const { verifyDatabase } = await import("./verify/verify_database.ts");
    const findings = await verifyDatabase(options, { report, signal });
    if (options.json) report.print(JSON.stringify(findings));
    else {
      for (const f of findings) {
        report.print(
          `${f.symbol}: ${f.trades} trades, ${f.bars} bars, ${f.missingIds} ids missing ` +
            `(${f.explainedIds} of them in recorded gaps or quarantine)` +
            (f.differences.length === 0 ? "; all bars agree" : `; ${f.differenceCount} DIFFER`),
        );
        for (const difference of f.differences) report.print(`  ${difference}`);
      }
    }
    const wrong = findings.filter((f) => f.differenceCount > 0 || f.missingIds !== f.explainedIds);
    if (wrong.length > 0) {
      throw new ProgramError(
        `Found differences in ${wrong.map((f) => f.symbol).join(", ")}: ` +
          "the stored bars do not follow from the stored trades, or ids are missing without a record",
      );
    }
  },
};
