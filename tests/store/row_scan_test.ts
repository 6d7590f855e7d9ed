import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { RowScan } from "../../lib/store/row_scan.ts";

function open(): { db: DatabaseSync; scan: RowScan } {
  const db = new DatabaseSync(":memory:");
  db.exec("CREATE TABLE t (a INTEGER PRIMARY KEY, b REAL, c REAL, d INTEGER)");
  for (let a = 1; a <= 4; a++) db.exec(`INSERT INTO t VALUES (${a}, ${a / 10}, 1e300, -${a})`);
  return { db, scan: new RowScan(db, "a, b, c, d", "FROM t WHERE a >= ?", "a DESC") };
}

Deno.test("rowScan.run() gives rows in order, until no further one is wanted", () => {
  const { db, scan } = open();
  const rows: number[][] = [];
  scan.run((...row) => (rows.push(row), 0), 3);
  deepStrictEqual(rows, [[4, 0.4, 1e300, -4], [3, 0.3, 1e300, -3]]);
  let taken = 0;
  scan.run(() => ++taken === 2 ? 1 : 0, 0);
  strictEqual(taken, 2);
  // Another scan of the same connection does not disturb the first.
  new RowScan(db, "a, a, a, a", "FROM t WHERE a = ?", "a").run((a) => (taken += a, 0), 1);
  strictEqual(taken, 3);
  db.close();
});

Deno.test("rowScan.run() ends with the error of what takes rows, or of a number too large", () => {
  const { db, scan } = open();
  throws(
    () =>
      scan.run(() => {
        throw new RangeError("enough");
      }, 0),
    /enough/,
  );
  db.exec("INSERT INTO t VALUES (9007199254740999, 0, 0, 0)");
  throws(() => scan.run(() => 0, 5), /9007199254740999/);
  db.close();
});
