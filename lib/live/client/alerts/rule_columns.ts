/// <reference lib="dom" />
import type { RuleAnswer } from "../../alerts_answer.ts";
import type { Cell, TableColumn } from "../data_table.ts";

/** The columns of the table of rules. */
export const RULE_COLUMNS: readonly TableColumn<RuleAnswer>[] = [
  {
    ...{ key: "id", label: "Rule", title: "Its name" },
    value: ({ rule }) => rule.id,
    cell: ({ rule }) => rule.id,
  },
  {
    ...{ key: "watches", label: "Watches", title: "The number it looks at" },
    isText: true,
    value: ({ description }) => description,
    cell: ({ description }) => description,
  },
  {
    ...{ key: "fires", label: "Fires", title: "Its thresholds" },
    isText: true,
    value: ({ rule }) => rule.above ?? rule.below ?? null,
    cell: ({ rule }) => thresholds(rule),
  },
  {
    ...{ key: "now", label: "Now", title: "The last number that counted" },
    value: ({ state }) => state?.value ?? null,
    cell: ({ rule, state }) => numberText(state?.value ?? null, rule.watch === "price"),
  },
  {
    ...{ key: "state", label: "State", title: "Whether it can fire" },
    isText: true,
    value: (row) => stateOf(row),
    cell: (row): Cell => ({
      text: stateOf(row),
      mark: row.state?.gate === null ? "good" : "quiet",
    }),
  },
  {
    ...{ key: "told", label: "Told over", title: "The channels word of it is sent over" },
    isText: true,
    value: ({ rule }) => rule.channels?.join(", ") ?? "",
    cell: ({ rule }) => rule.channels?.join(", ") || "this page",
  },
];

/** A number as a person reads it, a price in full; a dash where there is none. */
function numberText(value: number | null, isPrice: boolean): string {
  if (value === null) return "–";
  return String(isPrice ? value : Number(value.toPrecision(4)));
}

function thresholds({ above, below }: RuleAnswer["rule"]): string {
  return [
    ...typeof above === "number" ? [`above ${above}`] : [],
    ...typeof below === "number" ? [`below ${below}`] : [],
  ].join(", ");
}

function stateOf({ state }: RuleAnswer): string {
  if (state === null) return "has seen nothing yet";
  if (state.gate !== null) return state.gate;
  const sides = [state.above, state.below].filter((side) => side !== null);
  return sides.every((side) => side.armed) ? "armed" : "has fired, not back yet";
}
