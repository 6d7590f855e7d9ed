import { DuckDBInstance } from "npm:@duckdb/node-api@1.4.4-r.1";

/** Runs one statement of DuckDB; big integers come as text. */
export async function duckdb(sql: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
