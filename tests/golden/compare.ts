import type { Tolerance } from "./fixture.ts";

/** How numbers under a key compare. */
export interface CompareOptions {
  readonly tol: Tolerance;
  /** Keys whose numbers are counts, lags or flags: equal or wrong. */
  readonly exact: readonly string[];
}

const P_VALUE = /^(p|pvalues?|p_.*|.*_p|adjusted|adj_.*)$/;

/**
 * Compares what the project answers with what a fixture expects, element by element.
 *
 * @param got The project's answer.
 * @param expected The fixture's; `null` means "not available".
 * @param options Tolerance and the keys of whole numbers.
 * @param key The innermost object key above this value.
 * @param path Where in the case this is, for the message.
 * @returns One line per difference; none when they agree.
 */
export function differences(
  got: unknown,
  expected: unknown,
  options: CompareOptions,
  key = "",
  path = "",
): string[] {
  if (Array.isArray(expected)) {
    const list = toArray(got);
    if (list === null) return [`${path}: expected a list, got ${show(got)}`];
    if (list.length !== expected.length) {
      return [`${path}: expected ${expected.length} values, got ${list.length}`];
    }
    return expected.flatMap((e, i) => differences(list[i], e, options, key, `${path}[${i}]`));
  }
  if (typeof expected === "object" && expected !== null) {
    if (typeof got !== "object" || got === null) {
      return [`${path}: expected a record, got ${show(got)}`];
    }
    return Object.entries(expected).flatMap(([name, e]) => {
      const inner = path === "" ? name : `${path}.${name}`;
      return name in got
        ? differences((got as Record<string, unknown>)[name], e, options, name, inner)
        : [`${inner}: expected ${show(e)}, the adapter answers nothing under this key`];
    });
  }
  return agrees(got, expected, options, key)
    ? []
    : [`${path}: expected ${show(expected)}, got ${show(got)}`];
}

function agrees(got: unknown, expected: unknown, options: CompareOptions, key: string): boolean {
  if (expected === null) return got === null || Number.isNaN(got);
  if (expected === "Infinity") return got === Infinity;
  if (expected === "-Infinity") return got === -Infinity;
  if (typeof expected !== "number") return got === expected;
  if (typeof got !== "number" || !Number.isFinite(got)) return false;
  const certain = (expected === 0 || expected === 1) && P_VALUE.test(key);
  if (certain || options.exact.includes(key)) return got === expected;
  return Math.abs(got - expected) <= options.tol.abs + options.tol.rel * Math.abs(expected);
}

function toArray(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value;
  return ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : null;
}

function show(value: unknown): string {
  const text = typeof value === "number" ? `${value}` : JSON.stringify(value) ?? "undefined";
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
