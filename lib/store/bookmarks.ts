import type { DatabaseSync, StatementSync } from "node:sqlite";

/** Up to where something that is kept elsewhere was taken up, by name. */
export class Bookmarks {
  readonly #set: StatementSync;
  readonly #get: StatementSync;

  constructor(db: DatabaseSync) {
    this.#set = db.prepare("INSERT OR REPLACE INTO bookmarks (name, place) VALUES (?, ?)");
    this.#get = db.prepare("SELECT place FROM bookmarks WHERE name = ?");
  }

  /** Moves some of them. */
  run(bookmarks: ReadonlyMap<string, number>): void {
    for (const [name, place] of bookmarks) this.#set.run(name, place);
  }

  /** Where one is, or `null`. */
  placeOf(name: string): number | null {
    const row = this.#get.get(name);
    return row === undefined ? null : Number(row.place);
  }
}
