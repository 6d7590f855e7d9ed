import { resolve } from "node:path";
import {
  type AlertRule,
  alertRuleText,
  describeCondition,
  readAlertRule,
  watchedText,
} from "../alerts/mod.ts";
import { openReader, type StoredAlert } from "../store/mod.ts";
import { readAlertRules } from "./alerts/alert_file.ts";
import { controlClient } from "./control_client.ts";
import { databaseOption, databasePath, option, wholeNumber } from "./options.ts";
import { type Program, UsageError } from "./program.ts";
import { storeFolder } from "./store_access.ts";

interface AlertsOptions {
  readonly database: string;
  readonly put: readonly AlertRule[];
  readonly remove: readonly string[];
  readonly limit: number;
  readonly json: boolean;
}

/** `deno task alerts`: the rules of a database and what fired, and changing the rules. */
export const alerts: Program<AlertsOptions> = {
  name: "alerts",
  describe(command) {
    command
      .description("List the alert rules of a database and what fired, or change the rules.")
      .argument("[action]", "put or remove; nothing lists them")
      .argument("[names...]", "files with rules to put, or names of rules to remove")
      .addOption(databaseOption())
      .addOption(
        option("--last <count>", "how many alerts to show").argParser(wholeNumber(0, 1_000))
          .default(20),
      )
      .option("--json", "for programs")
      .addHelpText(
        "after",
        `
Examples:
  deno task alerts
  deno task alerts put rules.json
  deno task alerts remove eth-btc

A file of rules looks like
  {"rules": [{"id": "eth-btc", "watch": "z-score", "y": "ETHUSDT", "x": "BTCUSDT",
              "interval": "1m", "window": 60, "above": 2, "below": -2, "hysteresis": 0.5,
              "cooldown": "5m", "channels": ["desk"]}]}
Rules change while an ingest runs. Where word of them goes, the channels, is told when it is started:
deno task ingest --alerts FILE.`,
      );
  },
  read(command, place) {
    const o = command.opts();
    const [action, ...names] = command.args;
    if (action !== undefined && action !== "put" && action !== "remove") {
      throw new UsageError(`Cannot "${action}" alert rules: choose put or remove`);
    }
    if (action !== undefined && names.length === 0) {
      throw new UsageError(
        `Cannot ${action} alert rules as no ${action === "put" ? "file" : "rule"} is named`,
      );
    }
    return {
      database: databasePath(o.db, place),
      put: action !== "put"
        ? []
        : names.flatMap((name) => readAlertRules(resolve(place.working, name))),
      remove: action === "remove" ? names : [],
      limit: o.last,
      json: o.json === true,
    };
  },
  permissions: ({ database }) => ({ net: ["127.0.0.1"], read: [storeFolder(database)] }),
  async run({ database, put, remove, limit, json }, { report }) {
    if (put.length + remove.length > 0) {
      const client = await controlClient(database);
      const removed = await client.changeAlerts(put.map(alertRuleText), remove);
      for (const id of remove.filter((name) => !removed.includes(name))) {
        report.warn(`There is no alert rule "${id}"`);
      }
    }
    using reader = openReader(database);
    const rules = reader.alerts.rules().map(({ rule, state }) => ({
      rule: JSON.parse(rule),
      state: state === null ? null : JSON.parse(state),
    }));
    const history = limit === 0 ? [] : reader.alerts.history({ limit });
    if (json) return report.print(JSON.stringify({ rules, alerts: history }));
    if (rules.length === 0) report.print(`${database} has no alert rules`);
    for (const { rule, state } of rules) report.print(ruleLine(readAlertRule(rule), state));
    for (const alert of history.toReversed()) report.print(alertLine(alert));
  },
};

function ruleLine(rule: AlertRule, state: { value: number | null; gate: string | null } | null) {
  const thresholds = [
    ...rule.above === null ? [] : [`above ${rule.above}`],
    ...rule.below === null ? [] : [`below ${rule.below}`],
  ];
  const now = state === null || state.value === null && state.gate === null
    ? "nothing seen yet"
    : state.gate === null
    ? `now ${watchedText(rule.condition, state.value!)}`
    : `undecided: ${state.gate}`;
  return `${rule.id}: ${describeCondition(rule.condition)} ${thresholds.join(" or ")}; ${now}`;
}

function alertLine({ timeMs, ruleId, sentence, deliveries }: StoredAlert): string {
  const told = deliveries.map(({ channel, state }) => `${channel} ${state}`);
  return `${new Date(timeMs).toISOString()} ${ruleId}: ${sentence}` +
    (told.length === 0 ? "" : ` [${told.join(", ")}]`);
}
