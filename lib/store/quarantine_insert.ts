import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { QuarantinedFrame } from "../market/mod.ts";

/** Frames of one reason whose text is kept: the newest. */
export const KEPT_FRAMES = 2_000;
/** Older ones are removed when so many more have gathered, not at every write. */
export const SLACK_FRAMES = 500;
/** Longest text that is kept of a frame, in UTF-16 units. */
const RAW_LENGTH = 2_000;

/**
 * Stores frames that were set aside: each is counted, and of each reason the newest are kept, so
 * that a flood of garbage cannot fill the disk.
 */
export class QuarantineInsert {
  readonly #insert: StatementSync;
  readonly #count: StatementSync;
  readonly #oldestKept: StatementSync;
  readonly #deleteOlder: StatementSync;
  readonly #emptyOlder: StatementSync;
  readonly #countKept: StatementSync;
  readonly #kept = new Map<string, number>();

  constructor(db: DatabaseSync) {
    this.#insert = db.prepare(
      `INSERT INTO quarantine (symbol_id, trade_id, reason, raw, received_ms) VALUES (?,?,?,?,?)
       ON CONFLICT DO NOTHING`,
    );
    this.#count = db.prepare(
      `INSERT INTO quarantine_counts (symbol_id, reason, frames, last_received_ms) VALUES (?,?,?,?)
       ON CONFLICT (symbol_id, reason) DO UPDATE SET frames = frames + excluded.frames,
         last_received_ms = max(last_received_ms, excluded.last_received_ms)`,
    );
    this.#oldestKept = db.prepare(
      `SELECT quarantine_id AS id FROM quarantine WHERE reason = ? AND raw <> ''
       ORDER BY quarantine_id DESC LIMIT 1 OFFSET ${KEPT_FRAMES - 1}`,
    );
    this.#deleteOlder = db.prepare(
      `DELETE FROM quarantine WHERE reason = ? AND raw <> '' AND quarantine_id < ?
         AND (trade_id IS NULL OR symbol_id IS NULL)`,
    );
    this.#emptyOlder = db.prepare(
      `UPDATE quarantine SET raw = '' WHERE reason = ? AND raw <> '' AND quarantine_id < ?`,
    );
    this.#countKept = db.prepare(
      "SELECT count(*) AS n FROM quarantine WHERE reason = ? AND raw <> ''",
    );
  }

  /** Stores frames; gives per symbol how many were new. */
  run(
    frames: readonly QuarantinedFrame[],
    idOf: (symbol: string) => number | null,
  ): Map<string, number> {
    const left = countByReason(frames);
    const tallies = new Map<string, Tally>();
    for (const frame of frames) {
      const { symbol, reason, receivedMs } = frame;
      const id = symbol === null ? null : idOf(symbol);
      const newer = left.get(reason)! - 1;
      left.set(reason, newer);
      const added = this.#store(frame, id, newer < KEPT_FRAMES);
      const tally = tallies.getOrInsertComputed(
        `${reason} ${id}`,
        () => ({ id, symbol, reason, added: 0, lastMs: receivedMs }),
      );
      tally.added += added;
      tally.lastMs = Math.max(tally.lastMs, receivedMs);
    }
    const bySymbol = new Map<string, number>();
    for (const { id, symbol, reason, added, lastMs } of tallies.values()) {
      if (added > 0) this.#count.run(id ?? 0, reason, added, lastMs);
      if (id !== null) bySymbol.set(symbol!, (bySymbol.get(symbol!) ?? 0) + added);
    }
    for (const [reason, count] of countByReason(frames)) {
      this.#prune(reason, Math.min(count, KEPT_FRAMES));
    }
    return bySymbol;
  }

  /** Forgets how many frames are kept: a transaction was rolled back. */
  forget(): void {
    this.#kept.clear();
  }

  /** Stores one frame; gives 1, or 0 for the same rejection of the same trade. */
  #store(frame: QuarantinedFrame, id: number | null, keepText: boolean): number {
    if (!keepText && (frame.tradeId === null || id === null)) return 1;
    return Number(
      this.#insert.run(
        id,
        frame.tradeId,
        frame.reason,
        keepText ? textOf(frame.raw) : "",
        frame.receivedMs,
      ).changes,
    );
  }

  #prune(reason: string, added: number): void {
    const kept = this.#kept.get(reason);
    const now = kept === undefined ? Number(this.#countKept.get(reason)!.n) : kept + added;
    this.#kept.set(reason, now);
    if (now < KEPT_FRAMES + SLACK_FRAMES) return;
    const oldest = this.#oldestKept.get(reason)?.id;
    if (oldest === undefined) return;
    this.#deleteOlder.run(reason, oldest);
    this.#emptyOlder.run(reason, oldest);
    this.#kept.set(reason, KEPT_FRAMES);
  }
}

interface Tally {
  readonly id: number | null;
  readonly symbol: string | null;
  readonly reason: string;
  added: number;
  lastMs: number;
}

/** Never empty, as that means "no longer kept". SQLite's clients take NUL for the end of a text. */
export function textOf(raw: string): string {
  return raw.slice(0, RAW_LENGTH).toWellFormed().replaceAll("\0", "\u2400") || "\u2400";
}

function countByReason(frames: readonly QuarantinedFrame[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { reason } of frames) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return counts;
}
