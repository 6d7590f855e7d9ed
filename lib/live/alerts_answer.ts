import type { AlertRuleText, AlertState } from "../alerts/mod.ts";
import type { StoredAlert } from "../store/mod.ts";

/** A rule, in words, and what it sees. */
export interface RuleAnswer {
  /** The rule as people write it. */
  readonly rule: AlertRuleText;
  /** What it watches, in a few words. */
  readonly description: string;
  /** What it remembers; `null` while it has seen nothing. */
  readonly state: AlertState | null;
}

/** What `GET /api/alerts` answers; plain JSON. */
export interface AlertsAnswer {
  /** Whether rules can be changed from here, as long as an ingest runs. */
  readonly canChange: boolean;
  /** The rules, in alphabetical order. */
  readonly rules: readonly RuleAnswer[];
  /** What fired, newest first. */
  readonly alerts: readonly StoredAlert[];
}
