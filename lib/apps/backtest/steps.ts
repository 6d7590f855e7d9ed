import { InvalidArgumentError } from "commander";

/** Most values of one list. */
const MOST = 1_000;

/** A parser for `1,2,3`. */
export function list(text: string): number[] {
  const values = text.split(",").map((part) => part.trim() === "" ? NaN : Number(part));
  if (values.every(Number.isFinite) && values.length <= MOST) return values;
  throw new InvalidArgumentError(`It must be numbers with commas between them, such as "1,2,3".`);
}

/** A parser for `1,2,3` and for `first:last:step`, the last one included. */
export function steps(text: string): number[] {
  if (!text.includes(":")) return list(text);
  const [first, last, step] = text.split(":").map((part) =>
    part.trim() === "" ? NaN : Number(part)
  );
  const count = Math.floor((last! - first!) / step! + 1e-9) + 1;
  if (text.split(":").length !== 3 || !(count >= 1 && count <= MOST && step! > 0)) {
    throw new InvalidArgumentError(
      `It must be numbers with commas between them, or "first:last:step", at most ${MOST}.`,
    );
  }
  // as written, not 1.2000000000000002
  return Array.from({ length: count }, (_, i) => Number((first! + i * step!).toPrecision(12)));
}
