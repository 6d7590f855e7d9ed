import type { Link } from "./link.ts";
import type { Step } from "./wire.ts";

/** Moves bookmarks. */
export function moveBookmarks(bookmarks: ReadonlyMap<string, number>): Step[] {
  return [...bookmarks].map(([name, place]) => ({
    sql: `INSERT INTO bookmarks (name, place) VALUES ($1, $2)
      ON CONFLICT (name) DO UPDATE SET place = excluded.place`,
    args: [name, place],
  }));
}

/** Reads where a bookmark is, or `null`. */
export function placeOf(link: Link, name: string): number | null {
  const [row] = link.rows("SELECT place FROM bookmarks WHERE name = $1", name);
  return row === undefined ? null : Number(row.place);
}
