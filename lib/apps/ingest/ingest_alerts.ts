import {
  AlertDesk,
  type AlertRule,
  alertRuleText,
  type DeliveryOutcome,
  type MarketClock,
  readAlertRule,
} from "../../alerts/mod.ts";
import { openReader, StoreError, type StoreReader, type StoreWriter } from "../../store/mod.ts";
import type { Report } from "../program.ts";

/** The alerts of an ingest: it decides them from what it has committed, and stores what fired. */
export class IngestAlerts implements Disposable {
  readonly #writer: StoreWriter;
  readonly #reader: StoreReader;
  readonly #report: Report;
  readonly #desk: AlertDesk;

  /**
   * Goes on with the rules of a database.
   *
   * @param database The file, which is open for writing.
   * @param writer Its writer.
   * @param report Where a line is written for each alert.
   */
  constructor(database: string, writer: StoreWriter, report: Report) {
    this.#writer = writer;
    this.#report = report;
    this.#reader = openReader(database);
    this.#desk = new AlertDesk(
      this.#reader,
      writer.alerts.rules().map(({ rule, state }) => ({
        rule: readAlertRule(JSON.parse(rule)),
        state: state === null ? null : JSON.parse(state),
      })),
    );
  }

  /**
   * Removes rules and adds others, together; one that is there already and says the same goes on.
   *
   * @returns Those removed rules that were there.
   */
  change(put: readonly AlertRule[], remove: readonly string[] = []): string[] {
    const texts = new Map(put.map((rule) => [rule.id, JSON.stringify(alertRuleText(rule))]));
    for (const { ruleId, rule } of this.#writer.alerts.rules()) {
      if (texts.get(ruleId) === rule && !remove.includes(ruleId)) texts.delete(ruleId);
    }
    if (texts.size + remove.length === 0) return [];
    const removed = this.#writer.alerts.changeRules(texts, remove);
    for (const id of removed) this.#desk.remove(id);
    for (const rule of put) if (texts.has(rule.id)) this.#desk.put(rule);
    return removed;
  }

  /** Takes note of what became of sending alerts. */
  tell(outcomes: readonly DeliveryOutcome[]): void {
    for (const outcome of outcomes) this.#writer.alerts.tell(outcome);
  }

  /** Decides on what was committed since the last call; what cannot be stored now is kept for later. */
  poll(clock: MarketClock): void {
    try {
      this.#decide(clock);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#report.warn(`Alerts have to wait: ${error.message}`);
    }
  }

  #decide(clock: MarketClock): void {
    const { states, firings } = this.#desk.poll(clock);
    if (states.size === 0) return;
    const texts = new Map(states.entries().map(([id, state]) => [id, JSON.stringify(state)]));
    const stored = this.#writer.alerts.write(texts, firings);
    this.#desk.stored();
    for (const { ruleId, sentence } of stored) this.#report.info(`Alert ${ruleId}: ${sentence}`);
  }

  [Symbol.dispose](): void {
    this.#reader[Symbol.dispose]();
  }
}
