import type { SelectedSpan } from "../live/mod.ts";

/** Reads a span that a page has sent; `undefined` if it is none. */
export function readSpan(value: unknown): SelectedSpan | undefined {
  const { fromMs, toMs } = (value ?? {}) as { fromMs?: unknown; toMs?: unknown };
  if (typeof fromMs !== "number" || typeof toMs !== "number") return undefined;
  return fromMs < toMs && Number.isFinite(toMs - fromMs) ? { fromMs, toMs } : undefined;
}
