import * as Plot from "@observablehq/plot";
import type { Drawing } from "./panel_marks.ts";
import { isInView } from "./reach.ts";
import { type Decision, decisions } from "./signal_marks.ts";
import type { ColorName } from "./theme.ts";

/** How each kind of decision looks: told apart by shape, not by colour alone. */
export const DECISION_LOOKS: Readonly<
  Record<Decision["kind"], {
    readonly symbol: "triangle" | "circle" | "times";
    readonly rotate: number;
    readonly color: ColorName;
    readonly glyph: string;
    readonly words: string;
  }>
> = {
  buy: {
    symbol: "triangle",
    rotate: 0,
    color: "green",
    glyph: "▲",
    words: "buys the spread",
  },
  sell: {
    symbol: "triangle",
    rotate: 180,
    color: "purple",
    glyph: "▼",
    words: "sells the spread",
  },
  exit: { symbol: "circle", rotate: 0, color: "ink", glyph: "○", words: "leaves at the exit" },
  stop: { symbol: "times", rotate: 0, color: "red", glyph: "×", words: "gives up at the stop" },
};

const RADIUS = 4.5;

/** More than so many in view would hide the line: they are then only counted. */
export const MOST_DECISIONS: number = 160;

/** The decisions in view, on the line they follow from. */
export function signalMarks({ columns, panel, view }: Drawing): Plot.Markish[] {
  const { signals } = panel;
  if (signals === undefined || view.hidden.has(signals.key)) return [];
  const scores = columns[signals.key];
  const found = decisions(columns, signals, view.from, view.to);
  const inView = found.filter(({ row }) => isInView(columns.t[row]!, view));
  if (scores === undefined || inView.length > MOST_DECISIONS) return [];
  const { theme } = view;
  return Object.entries(DECISION_LOOKS).flatMap(([kind, { symbol, rotate, color }]) => {
    const some = found.filter((decision) => decision.kind === kind);
    if (some.length === 0) return [];
    const isLine = symbol === "times";
    return [
      Plot.dot(some, {
        x: ({ row }: Decision) => columns.t[row]!,
        y: ({ row }: Decision) => scores[row]!,
        ...{ symbol, rotate, r: RADIUS },
        fill: symbol === "circle" ? theme.surface : isLine ? "none" : theme.color[color],
        stroke: symbol === "triangle" ? theme.surface : theme.color[color],
        strokeWidth: isLine ? 2 : symbol === "circle" ? 1.5 : 1,
      }),
    ];
  });
}
