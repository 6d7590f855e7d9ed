import { storeFolder } from "./store_access.ts";
import { openReader, type SecondRange } from "../store/mod.ts";
import { feedClient } from "./control/feed_client.ts";
import type { RoleStatus } from "./control/status.ts";
import { controlClient, isIngestRunning } from "./control_client.ts";
import { counted } from "./counted.ts";
import { databaseOption } from "./options.ts";
import type { Program, Report } from "./program.ts";
import { addRoleNames, areAll, readTarget, storesOf, type Target } from "./target.ts";
import { describeStatus } from "./status/describe_status.ts";

interface StatusOptions extends Target {
  readonly json: boolean;
}

/** `deno task status`: what the ingest of a database does, or its stores, or a feed. */
export const status: Program<StatusOptions> = {
  name: "status",
  describe(command) {
    command
      .description(
        "Tell what the ingest or stores of a database do, what it left behind, or a feed.",
      )
      .addOption(databaseOption())
      .option("--json", "for programs")
      .addHelpText(
        "after",
        "\nExamples:\n  deno task status\n  deno task status --json\n  deno task status --feed first",
      );
    addRoleNames(command);
  },
  read: (command, place) => ({
    ...readTarget(command, place),
    json: command.opts().json === true,
  }),
  permissions: ({ database, feed }) => ({
    net: ["127.0.0.1"],
    read: [storeFolder(feed?.controlFile ?? database)],
  }),
  async run(options, { report }) {
    const { database, feed, json } = options;
    const say = (said: RoleStatus) =>
      report.print(
        json ? JSON.stringify({ running: true, ...said }) : describeStatus(said, database),
      );
    if (feed !== null) {
      return say(await (await feedClient(feed.controlFile, feed.name)).status());
    }
    const stores = await storesOf(options);
    for (const { said } of stores) say(said);
    if (areAll(options, stores)) return;
    if (await isIngestRunning(database)) say(await (await controlClient(database)).status());
    else if (stores.length === 0) tellRest(database, json, report);
  },
};

/** Tells what a database holds that nobody writes. */
function tellRest(database: string, json: boolean, report: Report): void {
  using reader = openReader(database);
  const marks = reader.markRanges();
  const quotes = reader.quoteRanges();
  const [lastMark, lastQuote] = [lastOf(marks), lastOf(quotes)];
  const symbols = reader.symbols();
  const simulated = reader.heartbeat()?.simulated === true;
  const lastMs = Math.max(-Infinity, ...symbols.map((s) => s.lastTradeTimeMs ?? -Infinity));
  const last = Number.isFinite(lastMs) ? new Date(lastMs).toISOString() : null;
  report.print(
    json
      ? JSON.stringify({
        ...{
          running: false,
          symbols: symbols.length,
          lastTrade: last,
          lastMark,
          lastQuote,
          simulated,
        },
      })
      : `No ingest is writing ${database}. It holds ${counted(symbols.length, "symbol")}` +
        (simulated ? " (SIMULATED)" : "") +
        (last === null ? "." : `; the last trade was at ${last}.`) +
        saysRange("marks", marks) + saysRange("quotes", quotes),
  );
}

function saysRange(name: string, ranges: readonly SecondRange[]): string {
  const last = lastOf(ranges);
  return last === null
    ? ""
    : ` It has ${name} of ${counted(ranges.length, "symbol")}, the last of ${last}.`;
}

function lastOf(ranges: readonly SecondRange[]): string | null {
  if (ranges.length === 0) return null;
  return new Date(Math.max(...ranges.map(({ lastMs }) => lastMs))).toISOString();
}
