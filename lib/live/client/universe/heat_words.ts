/// <reference lib="dom" />
import { ADAPTIVE, formatFixed } from "../../../charts/mod.ts";
import { element } from "../dom.ts";
import { chance } from "./ranked_row.ts";

type Part = "correlation" | "pValue";

/** A pair and its value in words. */
export function heatWords(
  { y, x, value }: { readonly y: string; readonly x: string; readonly value: number | null },
  part: Part,
): string {
  if (y === x) return y;
  if (value === null) return `${y} · ${x}: no test`;
  return part === "correlation"
    ? `${y} · ${x}: correlation ${formatFixed(value, 2)}`
    : `${y} · ${x}: p ${value < 1e-12 ? "below 1e−12" : `about ${chance(value)}`}`;
}

/** What the colours mean. */
export function heatLegend(part: Part): (HTMLElement | string)[] {
  const bar = element("i");
  const { orange, blue, green } = ADAPTIVE.color;
  const { surface } = ADAPTIVE;
  bar.style.background = part === "correlation"
    ? `linear-gradient(90deg, ${orange}, ${surface}, ${blue})`
    : `linear-gradient(90deg, ${surface}, ${green})`;
  const [from, to] = part === "correlation" ? ["−1", "+1"] : ["p = 1", "p ≤ 0.00001"];
  const what = part === "correlation"
    ? "of one-bar returns"
    : "of both directions, not corrected for the number of pairs";
  return [element("span", {}, from), bar, element("span", {}, to), ` ${what}`];
}
