/** What one check came to. */
export interface Examination {
  /** What was looked at. */
  readonly subject: string;
  /** `note`: nothing is wrong, and there is something to know. */
  readonly state: "ok" | "note" | "fail";
  /** What was found, and what to do about it. */
  readonly finding: string;
}
