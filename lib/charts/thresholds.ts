import type { RuleSpec } from "./spec.ts";

/** Thresholds on the size of the z-score. */
export interface Thresholds {
  /** At or beyond it a position would be entered; > `exit`. */
  readonly entry: number;
  /** Within it a position would be left; >= 0. */
  readonly exit: number;
  /** At or beyond it a position would be given up; > `entry`. */
  readonly stop: number;
}

/** Two, a half and four deviations. */
export const DEFAULT_THRESHOLDS: Thresholds = { entry: 2, exit: 0.5, stop: 4 };

/** The lines of thresholds: the mean, and each threshold on both sides of it. */
export function thresholdRules({ entry, exit, stop }: Thresholds): RuleSpec[] {
  const both = (value: number, label: string, color: RuleSpec["color"]): RuleSpec[] => [
    { value, label, color },
    { value: -value, label, color },
  ];
  return [
    { value: 0, label: "mean", color: "grey" },
    ...both(exit, "exit", "grey"),
    ...both(entry, "entry", "green"),
    ...both(stop, "stop", "red"),
  ];
}
