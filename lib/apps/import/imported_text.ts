import type { BarFileReport, TimeFacts, TradeFileReport } from "../../files/mod.ts";
import { formatInterval } from "../../market/mod.ts";
import { counted } from "../counted.ts";
import type { BarsReceipt, TradesReceipt } from "../history/history.ts";
import type { Imported } from "./import_input.ts";

/** What was found out about a table, in sentences. */
export function* factsOf({ name, report }: Imported): Generator<string> {
  if (report === null) return;
  const { table, times } = report;
  if (table !== null) {
    const columns = Object.entries(table.columns).map(([field, column]) =>
      field === column ? field : `${field} from ${column}`
    );
    const form = [
      table.hasHeader ? "named columns" : "columns without names",
      ...(table.delimiter === null ? [] : [`separated by ${JSON.stringify(table.delimiter)}`]),
      ...(table.decimalComma ? ["decimal commas"] : []),
    ];
    yield `${name}: ${form.join(", ")}: ${columns.join(", ")}`;
  }
  yield `${name}: ${timesOf(times)}${kindOf(report)}`;
}

function kindOf(report: BarFileReport | TradeFileReport): string {
  if ("intervalMs" in report) {
    return report.intervalMs === null
      ? ""
      : `; bars of ${formatInterval(report.intervalMs)}${markOf(report)}`;
  }
  const made = [
    ...(report.madeIds > 0 ? [`${report.madeIds} trades have no id: made from their times`] : []),
    ...(report.madeSides > 0 ? [`${report.madeSides} have no side: told by the tick rule`] : []),
  ];
  return `; ${report.streamKind === "aggTrade" ? "aggregate trades" : "single trades"}` +
    made.map((text) => `; ${text}`).join("") + markOf(report);
}

function markOf({ simulated }: BarFileReport | TradeFileReport): string {
  return simulated > 0 ? "; SIMULATED, as the file says" : "";
}

function timesOf(times: TimeFacts): string {
  const found = (["seconds", "milliseconds", "microseconds", "nanoseconds"] as const)
    .flatMap((unit) => times[unit] > 0 ? [`${times[unit]} in ${unit}`] : []);
  if (times.zoned > 0) found.push(`${times.zoned} with a zone`);
  if (times.local > 0) found.push(`${times.local} without one, taken as ${times.zone}`);
  if (times.doubles > 0) found.push(`${times.doubles} of an hour that comes twice, in order`);
  return `times: ${found.join(", ") || "none"}`;
}

/** What became of the rows of a table, as a sentence. */
export function sumOf({ name, format, report, receipt }: Imported): string {
  if (format === null || report === null) return `${name}: empty, nothing to import`;
  const parts = "fromTrades" in receipt
    ? barParts(receipt, report as BarFileReport)
    : tradeParts(receipt);
  return `${name}: ${counted(report.rows, "row")}: ${
    [...parts, ...(report.refused > 0 ? [`${report.refused} refused`] : [])].join(", ")
  }`;
}

function barParts(receipt: BarsReceipt, report: BarFileReport): string[] {
  const duplicates = receipt.duplicates + report.duplicates;
  return [
    `${counted(receipt.stored, "bar")} stored`,
    ...(receipt.changed > 0 ? [`${receipt.changed} replaced`] : []),
    ...(duplicates > 0 ? [`${duplicates} were there`] : []),
    ...(receipt.fromTrades > 0 ? [`${receipt.fromTrades} kept as their trades tell them`] : []),
    ...(report.empty > 0 ? [`${report.empty} without trades`] : []),
  ];
}

function tradeParts(receipt: TradesReceipt): string[] {
  return [
    `${counted(receipt.stored, "trade")} stored`,
    ...(receipt.duplicates > 0 ? [`${receipt.duplicates} were there`] : []),
    ...(receipt.conflicts > 0
      ? [`${receipt.conflicts} set aside as they contradict stored ones`]
      : []),
    ...(receipt.left > 0 ? [`${receipt.left} left to the running feed`] : []),
  ];
}
