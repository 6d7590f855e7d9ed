import {
  baseUrl,
  ccxtUrlOption,
  databaseOption,
  databasePath,
  hostOf,
  option,
  restUrlOption,
  wsUrlOption,
} from "./options.ts";
import { proxyOption } from "./proxy.ts";
import { type Program, ProgramError } from "./program.ts";
import { storeFolder } from "./store_access.ts";

/** What `deno task doctor` was asked to do. */
export interface DoctorOptions {
  readonly database: string;
  readonly wsUrl: string;
  readonly restUrl: string;
  readonly archiveUrl: string;
  /** Where the gateway to ccxt is. */
  readonly ccxtUrl: string;
  readonly json: boolean;
}

/** `deno task doctor`: what works on this machine, what does not, and what to do about it. */
export const doctor: Program<DoctorOptions> = {
  name: "doctor",
  describe(command) {
    command
      .description(
        "Check this machine, the exchange and the database by trying them, and say what to do.",
      )
      .addOption(databaseOption())
      .addOption(wsUrlOption())
      .addOption(restUrlOption())
      .addOption(ccxtUrlOption())
      .addOption(proxyOption())
      .addOption(
        option("--archive-url <url>", "base URL of the archive").argParser(baseUrl("http", "https"))
          .default("https://data.binance.vision"),
      )
      .option("--json", "for programs")
      .addHelpText("after", "\nExamples:\n  deno task doctor\n  deno task doctor --json");
  },
  read(command, place) {
    const o = command.opts();
    return {
      database: databasePath(o.db, place),
      wsUrl: o.wsUrl,
      restUrl: o.restUrl,
      archiveUrl: o.archiveUrl,
      ccxtUrl: o.ccxtUrl,
      json: o.json === true,
    };
  },
  permissions: ({ database, wsUrl, restUrl, archiveUrl, ccxtUrl }) => ({
    // 127.0.0.1: the ingest that may be running is asked how it is.
    net: [...new Set([wsUrl, restUrl, archiveUrl, ccxtUrl].map(hostOf)), "127.0.0.1"],
    // Jupyter and its kernel specifications may be anywhere on the search path.
    read: true,
    write: [storeFolder(database)],
    env: true,
    sys: ["statfs"],
  }),
  async run(options, context) {
    const { examine } = await import("./doctor/examine.ts");
    const results = await examine(options, context);
    if (options.json) context.report.print(JSON.stringify(results));
    else {
      const marks = { ok: "ok  ", note: "note", fail: "FAIL" };
      for (const r of results) {
        context.report.print(`${marks[r.state]}  ${r.subject.padEnd(11)} ${r.finding}`);
      }
    }
    const failed = results.filter((r) => r.state === "fail");
    if (failed.length > 0) {
      throw new ProgramError(
        `Found ${failed.length} ${failed.length === 1 ? "problem" : "problems"}: ${
          failed.map((r) => r.subject).join(", ")
        }`,
      );
    }
  },
};
