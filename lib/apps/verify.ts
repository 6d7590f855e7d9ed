import { symbolName } from "../market/mod.ts";
import {
  databaseOption,
  databasePath,
  durationMs,
  hostOf,
  option,
  REAL_REST_URL,
  restUrlOption,
} from "./options.ts";
import { proxyOption } from "./proxy.ts";
import { type Program, ProgramError } from "./program.ts";
import type { OfficialFinding } from "./verify/official_klines.ts";
import type { Finding } from "./verify/verify_database.ts";
import { storeFolder } from "./store_access.ts";

/** What `deno task verify` was asked to do. */
export interface VerifyOptions {
  readonly database: string;
  /** The symbols to check; empty for all. */
  readonly symbols: readonly string[];
  readonly json: boolean;
  readonly restUrl: string;
  /** How far back official candlesticks are compared, ms; `null` for not at all. */
  readonly officialMs: number | null;
}

/** `deno task verify`: whether stored bars follow from stored trades. */
export const verify: Program<VerifyOptions> = {
  name: "verify",
  describe(command) {
    command
      .description(
        "Derive every bar anew from the stored trades and compare; check ids against gaps; compare with official candlesticks where they can be reached.",
      )
      .argument("[symbols...]", "symbols to check; all when none is named")
      .addOption(databaseOption())
      .addOption(restUrlOption())
      .addOption(proxyOption())
      .addOption(
        option("--official <time>", "how far back to compare official candlesticks; 0 for not")
          .argParser((text) => text === "0" ? 0 : durationMs(text)).default(86_400_000, "1d"),
      )
      .option("--json", "for programs")
      .addHelpText(
        "after",
        "\nExamples:\n  deno task verify\n  deno task verify BTCUSDT --json\n  deno task verify --official 7d",
      );
  },
  read(command, place) {
    const o = command.opts();
    return {
      database: databasePath(o.db, place),
      symbols: command.args.map(symbolName),
      json: o.json === true,
      restUrl: o.restUrl,
      officialMs: o.official === 0 ? null : o.official,
    };
  },
  permissions: ({ database, restUrl, officialMs }) => ({
    ...(officialMs === null ? {} : { net: [hostOf(restUrl)] }),
    read: [storeFolder(database)],
  }),
  async run(options, context) {
    const { verifyDatabase } = await import("./verify/verify_database.ts");
    const findings = await verifyDatabase(options, context);
    const official = await compare(options, context);
    const { report } = context;
    if (options.json) report.print(JSON.stringify(asJson(findings, official)));
    else for (const line of asLines(findings, official)) report.print(line);
    const wrong = findings.filter((f) => f.differenceCount > 0 || f.missingIds !== f.explainedIds);
    if (wrong.length > 0) {
      throw new ProgramError(
        `Found differences in ${wrong.map((f) => f.symbol).join(", ")}: ` +
          "the stored bars do not follow from the stored trades, or ids are missing without a record",
      );
    }
  },
};

/** The findings, or why there are none. */
type Official = readonly OfficialFinding[] | string;

async function compare(
  options: VerifyOptions,
  context: Parameters<Program<VerifyOptions>["run"]>[1],
): Promise<Official> {
  const { database, symbols, restUrl, officialMs: spanMs } = options;
  if (spanMs === null) return "not asked for";
  const { openReader } = await import("../store/mod.ts");
  using reader = openReader(database);
  if (reader.heartbeat()?.simulated === true && restUrl === REAL_REST_URL) {
    return "the trades are simulated: name their exchange with --rest-url";
  }
  const { compareOfficial } = await import("./verify/official_klines.ts");
  return await compareOfficial({ database, symbols, restUrl, spanMs }, context);
}

function asJson(findings: readonly Finding[], official: Official) {
  return findings.map((f) => ({
    ...f,
    official: typeof official === "string"
      ? { notCompared: official }
      : official.find((o) => o.symbol === f.symbol) ?? null,
  }));
}

function* asLines(findings: readonly Finding[], official: Official): Generator<string> {
  for (const f of findings) {
    yield `${f.symbol}: ${f.trades} trades, ${f.bars} bars, ${f.missingIds} ids missing ` +
      `(${f.explainedIds} of them in recorded gaps or quarantine)` +
      (f.uncheckedBars > 0 ? `, ${f.uncheckedBars} bars without trades left alone` : "") +
      (f.differenceCount === 0 ? "; all bars agree" : `; ${f.differenceCount} DIFFER`);
    for (const difference of f.differences) yield `  ${difference}`;
    const own = typeof official === "string"
      ? null
      : official.find((o) => o.symbol === f.symbol) ?? null;
    if (own !== null && own.minutes > 0) yield `  ${sentenceOf(own)}`;
  }
  if (typeof official === "string") yield `Official candlesticks were not compared: ${official}`;
}

function sentenceOf({ minutes, differing, volumeDifference, verdict }: OfficialFinding): string {
  const share = (100 * differing / minutes).toFixed(1);
  const volume = volumeDifference === null
    ? ""
    : `, volume over all ${(100 * volumeDifference).toFixed(4)} % off`;
  return `official candlesticks: ${differing} of ${minutes} minutes differ (${share} %)${volume}; ${verdict}`;
}
