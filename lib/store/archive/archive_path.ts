import { dirname } from "node:path";

/** A UTC day, ms. */
export const DAY_MS = 86_400_000;

/** The folder beside a database that holds its closed days. */
export function archiveFolder(database: string): string {
  return `${dirname(database)}/archive`;
}

/** The file of one UTC day of one symbol, named as other programs expect partitions to be. */
export function archivePath(
  database: string,
  venue: string,
  symbol: string,
  dayMs: number,
): string {
  const date = new Date(dayMs).toISOString().slice(0, 10);
  return `${archiveFolder(database)}/venue=${safe(venue)}/symbol=${
    safe(symbol)
  }/date=${date}.parquet`;
}

/** Letters of any script stay; what could leave the folder is written as `%2F` and the like. */
function safe(name: string): string {
  const plain = name.replace(/[^\p{L}\p{N}_.-]/gu, encodeURIComponent);
  return /^\.+$/.test(plain) ? plain.replaceAll(".", "%2E") : plain;
}
