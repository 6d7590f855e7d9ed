/** A rule as stored: both texts are JSON that the store does not look into. */
export interface StoredAlertRule {
  /** Its name. */
  readonly ruleId: string;
  /** The rule. */
  readonly rule: string;
  /** What it remembers; `null` while it has seen nothing. */
  readonly state: string | null;
}

/** An alert to be stored. */
export interface NewAlert {
  /** The rule that fired. */
  readonly ruleId: string;
  /** Which threshold. */
  readonly side: "above" | "below";
  /** Exchange time, ms since the epoch. */
  readonly timeMs: number;
  /** The number that crossed. */
  readonly value: number;
  /** The threshold. */
  readonly threshold: number;
  /** What speaks against trusting the number, or `null`. */
  readonly caveat: string | null;
  /** What happened, in a sentence. */
  readonly sentence: string;
  /** Where word of it is to be sent. */
  readonly channels: readonly string[];
}

/** What became of telling an alert over one channel. */
export interface AlertDelivery {
  /** The alert. */
  readonly alertId: number;
  /** The channel's name. */
  readonly channel: string;
  /** `pending` until it was taken or given up. */
  readonly state: "pending" | "delivered" | "failed";
  /** How often it was sent. */
  readonly attempts: number;
  /** When it was last sent, local ms since the epoch; `null` before. */
  readonly triedAtMs: number | null;
  /** Why it was not taken the last time, or `null`. */
  readonly problem: string | null;
}

/** An alert as stored. */
export interface StoredAlert extends Omit<NewAlert, "channels"> {
  /** Its number, larger than that of every alert before. */
  readonly alertId: number;
  /** What became of telling it, one entry per channel. */
  readonly deliveries: readonly AlertDelivery[];
}

/** Reads alerts. */
export interface AlertReader {
  /** The rules, in alphabetical order. */
  rules(): StoredAlertRule[];
  /** Alerts, newest first: all with a larger number than `afterId`, at most `limit`. */
  history(query?: { readonly afterId?: number; readonly limit?: number }): StoredAlert[];
  /** Alerts that still have to be told to somebody, oldest first. */
  pending(): StoredAlert[];
}

/** Writes alerts. Every call is one transaction. */
export interface AlertWriter extends AlertReader {
  /** Adds a rule or replaces the one of its name, which then has seen nothing. */
  putRule(ruleId: string, rule: string): void;
  /** Removes a rule; its alerts stay. @returns Whether there was one. */
  removeRule(ruleId: string): boolean;
  /**
   * Removes rules, then adds or replaces others, together.
   *
   * @param put Rules by their names.
   * @param remove Names of rules.
   * @returns The names of those that were there to be removed.
   */
  changeRules(put: ReadonlyMap<string, string>, remove: readonly string[]): string[];
  /**
   * Stores what rules remember and what fired, together.
   *
   * @returns The alerts that were not stored before.
   */
  write(states: ReadonlyMap<string, string>, alerts: readonly NewAlert[]): StoredAlert[];
  /** Takes note of what became of sending; an alert that was delivered or given up stays so. */
  tell(delivery: Omit<AlertDelivery, "attempts">): void;
}
