import { InvalidArgumentError } from "commander";
import { parseInterval, parseTime } from "../market/mod.ts";

/**
 * A parser for a point in time: `2026-11-22`, `2026-11-22T14:30` (UTC unless it says otherwise), or
 * how long ago, as `36h`; gives ms since the epoch.
 */
export function pointInTime(nowMs: number): (text: string) => number {
  return (text) => {
    try {
      return /^\d+[smhd]$/.test(text) ? nowMs - parseInterval(text) : parseTime(text);
    } catch {
      throw new InvalidArgumentError(
        `It must be a time such as "2026-11-22" or "2026-11-22T14:30" (UTC), or how long ago, such as "36h".`,
      );
    }
  };
}
