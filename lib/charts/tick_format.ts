import { dayAndClock, formatValue } from "./format.ts";
import type { PanelView } from "./panel_plot.ts";
import type { PanelSpec } from "./spec.ts";

/** Numbers with so many decimals have no room beside an axis. */
const SMALL_DECIMALS = 5;

type TickFormat = (value: number, index: number, ticks?: readonly number[]) => string;

/** How the numbers beside an axis are written; `null` for as Plot does. */
export function valueFormat({ values, scale }: PanelSpec): TickFormat | null {
  if (values === "change") return (value) => `${signed(value)} %`;
  return scale === "log" ? null : besideOthers;
}

/** A number of the axis with as many decimals as tell it from the next; tiny ones with a power of ten. */
function besideOthers(value: number, _index: number, ticks: readonly number[] = []): string {
  if (ticks.length < 2) return formatValue(value);
  const decimals = Math.max(0, -Math.floor(Math.log10(ticks[1]! - ticks[0]!) + 1e-9));
  if (value === 0 && decimals >= SMALL_DECIMALS) return "0";
  if (decimals < SMALL_DECIMALS) {
    return (value < 0 ? "−" : "") + Math.abs(value).toLocaleString("en", {
      ...{ minimumFractionDigits: decimals, maximumFractionDigits: decimals },
    });
  }
  return Number(value.toPrecision(6)).toExponential().replaceAll("-", "−");
}

function signed(value: number): string {
  const text = String(Number(Math.abs(value).toPrecision(6)));
  return value === 0 ? text : `${value < 0 ? "−" : "+"}${text}`;
}

/** Writes the time of each tick, and the day below the first in view and wherever it changes. */
export function timeFormat({ zone = "utc", startMs }: PanelView): (time: Date) => string {
  let day = "";
  let isBefore = true;
  return (time) => {
    const [newDay, clock] = dayAndClock(time.getTime(), zone);
    const isFirst = isBefore && time.getTime() >= startMs;
    isBefore &&= !isFirst;
    const isNewDay = isFirst || newDay !== day;
    day = newDay;
    const short = clock.endsWith(":00") ? clock.slice(0, 5) : clock;
    return isNewDay ? `${short}\n${day}` : short;
  };
}
