import type { DatabaseSync, StatementSync } from "node:sqlite";

/** Takes four numbers of a row; answers 1 when it wants no further row, else 0. */
export type TakeRow = (a: number, b: number, c: number, d: number) => 0 | 1;

/** What SQLite calls with the numbers of a row, by connection: a statement knows it by name. */
const takers = new WeakMap<DatabaseSync, { take: TakeRow }>();

/**
 * Reads rows of four numbers without making an array or an object of each: SQLite calls a function
 * with them. As arrays they take half as long again, and are left behind to be collected.
 */
export class RowScan {
  readonly #taker: { take: TakeRow };
  readonly #statement: StatementSync;

  /**
   * Prepares a scan along an index.
   *
   * @param db The connection.
   * @param cells Four expressions, separated by commas; they are numbers and never NULL.
   * @param from `FROM … WHERE …`.
   * @param order What the rows are ordered by; an index must give it, as nothing is to be sorted.
   */
  constructor(db: DatabaseSync, cells: string, from: string, order: string) {
    this.#taker = takers.getOrInsertComputed(db, makeTaker);
    this.#statement = db.prepare(
      `SELECT 1 ${from} AND take_row(${cells}) ORDER BY ${order} LIMIT 1`,
    );
  }

  /**
   * Gives the rows one by one.
   *
   * @param take Takes them; it must not scan the same connection in turn.
   * @param args The parameters.
   */
  run(take: TakeRow, ...args: number[]): void {
    this.#taker.take = take;
    // Not all(): that goes on for ever where the function throws.
    this.#statement.get(...args);
  }
}

function makeTaker(db: DatabaseSync): { take: TakeRow } {
  const taker: { take: TakeRow } = { take: () => 1 };
  db.function(
    "take_row",
    (a, b, c, d) => taker.take(a as number, b as number, c as number, d as number),
  );
  return taker;
}
