import { InvalidArgumentError } from "commander";
import { parseInterval } from "../market/mod.ts";

const DATE =
  /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)?(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * A parser for a point in time: `2026-11-22`, `2026-11-22T14:30` (UTC unless it says otherwise), or
 * how long ago, as `36h`; gives ms since the epoch.
 */
export function pointInTime(nowMs: number): (text: string) => number {
  return (text) => {
    const match = DATE.exec(text);
    if (match !== null) {
      const isBare = match[1] === undefined;
      const timeMs = Date.parse(text.replace(" ", "T") + (isBare && text.length > 10 ? "Z" : ""));
      if (Number.isFinite(timeMs)) return timeMs;
    }
    try {
      return nowMs - parseInterval(text);
    } catch {
      throw new InvalidArgumentError(
        `It must be a time such as "2026-11-22" or "2026-11-22T14:30" (UTC), or how long ago, such as "36h".`,
      );
    }
  };
}
