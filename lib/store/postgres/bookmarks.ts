import { arrayText } from "./arrays.ts";
import type { Link } from "./link.ts";
import type { Step } from "./wire.ts";

/** Moves bookmarks. */
export function moveBookmarks(bookmarks: ReadonlyMap<string, number>): Step[] {
  if (bookmarks.size === 0) return [];
  return [{
    sql: `INSERT INTO bookmarks (name, place) SELECT * FROM unnest($1::text[], $2::bigint[])
      ON CONFLICT (name) DO UPDATE SET place = excluded.place`,
    args: [arrayText(bookmarks.keys()), arrayText(bookmarks.values())],
  }];
}

/** Reads where a bookmark is, or `null`. */
export function placeOf(link: Link, name: string): number | null {
  const [row] = link.rows("SELECT place FROM bookmarks WHERE name = $1", name);
  return row === undefined ? null : Number(row.place);
}
