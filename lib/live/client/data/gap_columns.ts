import { formatTime } from "../../../charts/mod.ts";
import { type Gap, isMadeId } from "../../../market/mod.ts";
import type { TableColumn } from "../data_table.ts";
import { clock } from "../preferences.ts";

/** `null` where ids are not counted: nobody knows how many trades there were. */
const idsOf = ({ firstMissingId, lastMissingId }: Gap) =>
  isMadeId(firstMissingId) ? null : lastMissingId - firstMissingId + 1;

/** The columns of the table of gaps. */
export const GAP_COLUMNS: readonly TableColumn<Gap>[] = [
  {
    ...{ key: "symbol", label: "Symbol", title: "As the venue writes it" },
    value: (gap) => gap.symbol,
    cell: (gap) => gap.symbol,
  },
  {
    ...{ key: "state", label: "State", title: "Open, repaired, or lost for good" },
    value: (gap) => gap.state,
    cell: (gap) => gap.state === "repaired" ? gap.state : { text: gap.state, mark: "bad" },
  },
  {
    ...{
      key: "ids",
      label: "Trades",
      title: "How many ids were skipped, where the venue counts them",
      descends: true,
    },
    value: idsOf,
    cell: (gap) => idsOf(gap)?.toLocaleString("en") ?? "unknown",
  },
  {
    ...{ key: "first", label: "First id", title: "First missing trade id" },
    value: (gap) => gap.firstMissingId,
    cell: (gap) => String(gap.firstMissingId),
  },
  {
    ...{ key: "last", label: "Last id", title: "Last missing trade id" },
    value: (gap) => gap.lastMissingId,
    cell: (gap) => String(gap.lastMissingId),
  },
  {
    ...{ key: "opened", label: "Seen", title: "Exchange time it was seen", descends: true },
    value: (gap) => gap.openedAtMs,
    cell: (gap) => formatTime(gap.openedAtMs, 1_000, clock.zone),
  },
  {
    ...{ key: "closed", label: "Closed after", title: "Until it was repaired or given up" },
    value: (gap) => gap.closedAtMs === null ? null : gap.closedAtMs - gap.openedAtMs,
    cell: (gap) =>
      gap.closedAtMs === null ? "–" : `${((gap.closedAtMs - gap.openedAtMs) / 1_000).toFixed(1)} s`,
  },
];
