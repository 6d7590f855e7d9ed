/// <reference lib="dom" />
import { formatTime } from "../../../charts/mod.ts";
import type { StoredAlert } from "../../../store/mod.ts";
import type { Cell, TableColumn } from "../data_table.ts";
import { clock } from "../preferences.ts";

/** The columns of the table of what fired. */
export const ALERT_COLUMNS: readonly TableColumn<StoredAlert>[] = [
  {
    ...{ key: "time", label: "Time", title: "Exchange time of the crossing", descends: true },
    value: (alert) => alert.timeMs,
    cell: (alert) => formatTime(alert.timeMs, 1_000, clock.zone),
  },
  {
    ...{ key: "rule", label: "Rule", title: "Its name" },
    isText: true,
    value: (alert) => alert.ruleId,
    cell: (alert) => alert.ruleId,
  },
  {
    ...{ key: "what", label: "What happened", title: "The crossing, in a sentence" },
    isText: true,
    value: (alert) => alert.sentence,
    cell: (alert) => alert.sentence,
  },
  {
    ...{ key: "told", label: "Told", title: "What became of sending word of it" },
    isText: true,
    value: (alert) => told(alert),
    cell: (alert): Cell => ({
      text: told(alert),
      mark: alert.deliveries.some((d) => d.state === "failed") ? "bad" : "quiet",
    }),
  },
];

function told({ deliveries }: StoredAlert): string {
  if (deliveries.length === 0) return "here";
  return deliveries.map(({ channel, state, problem }) =>
    `${channel}: ${state}${state === "delivered" || problem === null ? "" : `, ${problem}`}`
  ).join("; ");
}
