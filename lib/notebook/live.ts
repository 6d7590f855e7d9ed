import { databaseInUse, readerOf } from "./database.ts";
import type { Showable, Shown } from "./show.ts";
import { Signal } from "./signal.ts";
import { View } from "./view.ts";

/** How often to draw. */
export interface LiveOptions {
  /** At most so often, ms; > 0. @default {1,000} */
  readonly everyMs?: number;
}

/**
 * Returns something that is drawn anew when the database in use has changed, below the cell that
 * shows it, while other cells run. While nobody looks nothing is drawn.
 *
 * In a notebook: `await nb.show(nb.live(() => nb.table(store.quality())))`.
 *
 * @example What it draws first
 * ```ts
 * import { live, output, table } from "tandem/notebook";
 * import { match } from "node:assert/strict";
 *
 * const clock = live(() => table([{ rows: 3 }]));
 * match((await clock[output]())["text/plain"]!, /rows/);
 * ```
 *
 * @param draw Draws it.
 * @param options How often.
 * @returns What to show.
 * @throws {RangeError} If `everyMs` is not > 0.
 */
export function live(
  draw: () => Shown | Promise<Shown>,
  options: LiveOptions = {},
): Showable {
  const { everyMs = 1_000 } = options;
  if (!(everyMs > 0)) {
    throw new RangeError(`Cannot draw as "everyMs" must be > 0: current value is ${everyMs}`);
  }
  const database = databaseInUse();
  const changed = new Signal<void>(undefined);
  return new View(changed, draw, () => {
    let seen: number | null | undefined;
    const timer = setInterval(() => {
      const version = versionOf(database);
      if (version !== seen) changed.value = undefined;
      seen = version;
    }, everyMs);
    return { [Symbol.dispose]: () => clearInterval(timer) };
  });
}

/** Changes with the database; `null` while it cannot be read, which drawing tells once. */
function versionOf(database: string): number | null {
  try {
    return readerOf(database).version();
  } catch {
    return null;
  }
}
