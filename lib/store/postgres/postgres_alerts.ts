import type {
  AlertDelivery,
  AlertReader,
  AlertWriter,
  NewAlert,
  StoredAlert,
  StoredAlertRule,
} from "../alerts.ts";
import { type Row, textOrNull } from "../rows.ts";
import { arrayText } from "./arrays.ts";
import type { Link } from "./link.ts";
import { askedBound, askedLimit } from "../asked.ts";
import { whole } from "./venues.ts";
import type { Step, StepResult, Value } from "./wire.ts";

type Read = <T>(work: (link: Link) => T) => T;

const MOST_ALERTS = 1_000;

/** An alert with what became of telling it, as JSON. */
const ALERTS = `SELECT a.*, coalesce((SELECT json_agg(json_build_object(
    'alertId', d.alert_id, 'channel', d.channel, 'state', d.state, 'attempts', d.attempts,
    'triedAtMs', d.tried_at_ms, 'problem', d.problem) ORDER BY d.channel)
  FROM alert_deliveries d WHERE d.alert_id = a.alert_id), '[]')::text AS deliveries
  FROM alerts a`;

/** The alerts of a database, for reading. */
export class PostgresAlertReader implements AlertReader {
  readonly #read: Read;

  /** @param read Runs reads. */
  constructor(read: Read) {
    this.#read = read;
  }

  rules(): StoredAlertRule[] {
    return this.rows("SELECT * FROM alert_rules ORDER BY rule_id").map((r) => ({
      ruleId: String(r.rule_id),
      rule: String(r.rule),
      state: textOrNull(r.state),
    }));
  }

  history({ afterId = 0, limit = MOST_ALERTS } = {}): StoredAlert[] {
    return this.rows(
      `${ALERTS} WHERE alert_id > $1 ORDER BY alert_id DESC LIMIT $2`,
      ...[whole(Math.floor(askedBound("afterId", afterId))), askedLimit(limit) ?? null],
    ).map(toAlert);
  }

  pending(): StoredAlert[] {
    return this.rows(
      `${ALERTS} WHERE EXISTS (SELECT 1 FROM alert_deliveries d
         WHERE d.alert_id = a.alert_id AND d.state = 'pending') ORDER BY alert_id LIMIT $1`,
      MOST_ALERTS,
    ).map(toAlert);
  }

  protected rows(sql: string, ...args: Value[]): readonly Row[] {
    return this.#read((link) => link.rows(sql, ...args));
  }
}

/** The alerts of a database, for its writer. */
export class PostgresAlertWriter extends PostgresAlertReader implements AlertWriter {
  readonly #write: (steps: readonly Step[]) => readonly StepResult[];

  /** @param write Runs steps in one transaction. */
  constructor(read: Read, write: (steps: readonly Step[]) => readonly StepResult[]) {
    super(read);
    this.#write = write;
  }

  putRule(ruleId: string, rule: string): void {
    this.#write([putRule(ruleId, rule)]);
  }

  removeRule(ruleId: string): boolean {
    return this.changeRules(new Map(), [ruleId]).length > 0;
  }

  changeRules(put: ReadonlyMap<string, string>, remove: readonly string[]): string[] {
    const results = this.#write([
      {
        sql: "DELETE FROM alert_rules WHERE rule_id = ANY ($1::text[]) RETURNING rule_id",
        args: [arrayText(remove)],
      },
      ...[...put].map(([ruleId, rule]) => putRule(ruleId, rule)),
    ]);
    const removed = new Set(results[0]!.rows.map((r) => String(r.rule_id)));
    return remove.filter((ruleId) => removed.has(ruleId));
  }

  write(states: ReadonlyMap<string, string>, alerts: readonly NewAlert[]): StoredAlert[] {
    const setState = {
      sql: `UPDATE alert_rules r SET state = s.state
        FROM unnest($1::text[], $2::text[]) AS s (rule_id, state) WHERE r.rule_id = s.rule_id`,
      args: [arrayText(states.keys()), arrayText(states.values())],
    };
    const inserts = alerts.map((a): Step => ({
      sql: `WITH told AS (
          INSERT INTO alerts (rule_id, side, time_ms, value, threshold, caveat, sentence)
          VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING alert_id
        ), sent AS (
          INSERT INTO alert_deliveries (alert_id, channel)
          SELECT alert_id, channel FROM told, unnest($8::text[]) AS channel
        ) SELECT alert_id FROM told`,
      args: [
        ...[a.ruleId, a.side, a.timeMs, a.value, a.threshold, a.caveat, a.sentence],
        arrayText(new Set(a.channels)),
      ],
    }));
    const ids = this.#write([setState, ...inserts]).slice(1, 1 + inserts.length)
      .flatMap(({ rows }) => rows.map((r) => Number(r.alert_id)));
    return this.rows(
      `${ALERTS} WHERE alert_id = ANY ($1::bigint[]) ORDER BY alert_id`,
      arrayText(ids),
    ).map(toAlert);
  }

  tell({ alertId, channel, state, triedAtMs, problem }: Omit<AlertDelivery, "attempts">): void {
    this.#write([{
      sql: `UPDATE alert_deliveries
        SET state = $1, attempts = attempts + 1, tried_at_ms = $2, problem = $3
        WHERE alert_id = $4 AND channel = $5 AND state = 'pending'`,
      args: [state, triedAtMs, problem, alertId, channel],
    }]);
  }
}

function putRule(ruleId: string, rule: string): Step {
  return {
    sql: `INSERT INTO alert_rules (rule_id, rule) VALUES ($1, $2)
      ON CONFLICT (rule_id) DO UPDATE SET rule = excluded.rule, state = NULL
      WHERE alert_rules.rule <> excluded.rule`,
    args: [ruleId, rule],
  };
}

function toAlert(r: Row): StoredAlert {
  return {
    alertId: Number(r.alert_id),
    ruleId: String(r.rule_id),
    side: r.side as StoredAlert["side"],
    timeMs: Number(r.time_ms),
    value: Number(r.value),
    threshold: Number(r.threshold),
    caveat: textOrNull(r.caveat),
    sentence: String(r.sentence),
    deliveries: JSON.parse(String(r.deliveries)),
  };
}
