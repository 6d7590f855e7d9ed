import type { DatabaseSync } from "node:sqlite";
import type {
  AlertDelivery,
  AlertReader,
  AlertWriter,
  NewAlert,
  StoredAlert,
  StoredAlertRule,
} from "./alerts.ts";
import { askedBound, askedLimit } from "./asked.ts";
import { asStoreError } from "./as_store_error.ts";
import { numberOrNull, type Row, text, textOrNull } from "./rows.ts";

const MOST_ALERTS = 1_000;

/** The alerts of a database, for reading. */
export class SqliteAlertReader implements AlertReader {
  protected readonly path: string;
  protected readonly db: DatabaseSync;

  constructor(path: string, db: DatabaseSync) {
    this.path = path;
    this.db = db;
  }

  rules(): StoredAlertRule[] {
    return this.run(() => this.db.prepare("SELECT * FROM alert_rules ORDER BY rule_id").all())
      .map((r) => ({ ruleId: text(r.rule_id), rule: text(r.rule), state: textOrNull(r.state) }));
  }

  history({ afterId = 0, limit = MOST_ALERTS } = {}): StoredAlert[] {
    return this.select(
      "SELECT * FROM alerts WHERE alert_id > ? ORDER BY alert_id DESC LIMIT ?",
      askedBound("afterId", afterId),
      askedLimit(limit) ?? -1,
    );
  }

  pending(): StoredAlert[] {
    return this.select(
      `SELECT * FROM alerts
       WHERE alert_id IN (SELECT alert_id FROM alert_deliveries WHERE state = 'pending')
       ORDER BY alert_id LIMIT ?`,
      MOST_ALERTS,
    );
  }

  protected select(sql: string, ...args: (string | number)[]): StoredAlert[] {
    return this.run(() => {
      const deliveries = this.db.prepare(
        "SELECT * FROM alert_deliveries WHERE alert_id = ? ORDER BY channel",
      );
      return this.db.prepare(sql).all(...args).map((r) =>
        toAlert(r, deliveries.all(r.alert_id!).map(toDelivery))
      );
    });
  }

  protected run<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw asStoreError(this.path, error);
    }
  }
}

/** The alerts of a database, for its writer. */
export class SqliteAlertWriter extends SqliteAlertReader implements AlertWriter {
  putRule(ruleId: string, rule: string): void {
    this.run(() =>
      this.db.prepare(
        `INSERT INTO alert_rules (rule_id, rule) VALUES (?,?)
         ON CONFLICT (rule_id) DO UPDATE SET rule = excluded.rule, state = NULL
         WHERE rule <> excluded.rule`,
      ).run(ruleId, rule)
    );
  }

  removeRule(ruleId: string): boolean {
    return this.run(() =>
      Number(this.db.prepare("DELETE FROM alert_rules WHERE rule_id = ?").run(ruleId).changes) > 0
    );
  }

  changeRules(put: ReadonlyMap<string, string>, remove: readonly string[]): string[] {
    return this.#transaction(() => {
      const removed = remove.filter((ruleId) => this.removeRule(ruleId));
      for (const [ruleId, rule] of put) this.putRule(ruleId, rule);
      return removed;
    });
  }

  write(states: ReadonlyMap<string, string>, alerts: readonly NewAlert[]): StoredAlert[] {
    return this.#transaction(() => {
      const setState = this.db.prepare("UPDATE alert_rules SET state = ? WHERE rule_id = ?");
      for (const [ruleId, state] of states) setState.run(state, ruleId);
      const insert = this.db.prepare(
        `INSERT INTO alerts (rule_id, side, time_ms, value, threshold, caveat, sentence)
         VALUES (?,?,?,?,?,?,?) ON CONFLICT DO NOTHING RETURNING alert_id`,
      );
      const addDelivery = this.db.prepare(
        "INSERT INTO alert_deliveries (alert_id, channel) VALUES (?,?)",
      );
      return alerts.flatMap((a) => {
        const row = insert.get(
          ...[a.ruleId, a.side, a.timeMs, a.value, a.threshold, a.caveat, a.sentence],
        );
        if (row === undefined) return [];
        const alertId = Number(row.alert_id);
        for (const channel of new Set(a.channels)) addDelivery.run(alertId, channel);
        return this.select("SELECT * FROM alerts WHERE alert_id = ?", alertId);
      });
    });
  }

  tell({ alertId, channel, state, triedAtMs, problem }: Omit<AlertDelivery, "attempts">): void {
    this.run(() =>
      this.db.prepare(
        `UPDATE alert_deliveries
         SET state = ?, attempts = attempts + 1, tried_at_ms = ?, problem = ?
         WHERE alert_id = ? AND channel = ? AND state = 'pending'`,
      ).run(state, triedAtMs, problem, alertId, channel)
    );
  }

  #transaction<T>(work: () => T): T {
    return this.run(() => {
      this.db.exec("BEGIN IMMEDIATE");
      try {
        const result = work();
        this.db.exec("COMMIT");
        return result;
      } catch (error) {
        if (this.db.isTransaction) this.db.exec("ROLLBACK");
        throw error;
      }
    });
  }
}

function toAlert(r: Row, deliveries: AlertDelivery[]): StoredAlert {
  return {
    alertId: Number(r.alert_id),
    ruleId: text(r.rule_id),
    side: r.side as StoredAlert["side"],
    timeMs: Number(r.time_ms),
    value: Number(r.value),
    threshold: Number(r.threshold),
    caveat: textOrNull(r.caveat),
    sentence: text(r.sentence),
    deliveries,
  };
}

function toDelivery(r: Row): AlertDelivery {
  return {
    alertId: Number(r.alert_id),
    channel: text(r.channel),
    state: r.state as AlertDelivery["state"],
    attempts: Number(r.attempts),
    triedAtMs: numberOrNull(r.tried_at_ms),
    problem: textOrNull(r.problem),
  };
}
