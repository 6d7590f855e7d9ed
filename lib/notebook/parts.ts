import type { FindPart, Part } from "../live/mod.ts";

/** An output whose part was forgotten stays as it is until its cell runs again. */
const MOST_PARTS = 256;

const parts = new Map<string, Part>();

/** Gives a part of an output a name by which pages find it. */
export function register(part: Part): string {
  const name = crypto.randomUUID();
  parts.set(name, part);
  const [oldest] = parts.keys();
  if (parts.size > MOST_PARTS) parts.delete(oldest!);
  return name;
}

/** The part of a name, of whichever hub of this kernel it is asked for. */
export const findPart: FindPart = (name) => parts.get(name);
