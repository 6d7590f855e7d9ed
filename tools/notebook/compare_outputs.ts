/**
 * What the outputs of a notebook say, and where two runs of it differ.
 *
 * @module
 */
import { hasTag, joined, type Notebook, type Output } from "../support/notebook.ts";

/** What differs from run to run without meaning anything. */
function masked(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "ID")
    .replaceAll(/(127\.0\.0\.1|localhost):\d+/g, "HOST");
}

function shape(output: Output): string {
  return `${output.output_type} ${output.name ?? ""} ${Object.keys(output.data ?? {}).sort()}`;
}

const SVG_IMAGE = /<img\b[^>]*\bsrc="data:image\/svg\+xml;base64,([^"]*)"[^>]*>/g;

/** The words and numbers that markup shows, those within its pictures too. */
function shownText(markup: string): string {
  return markup
    .replaceAll(SVG_IMAGE, (_, base64) => shownText(decoded(base64)))
    .replaceAll(/<(script|style)\b[^]*?<\/\1>/g, "")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ").trim();
}

function decoded(base64: string): string {
  return new TextDecoder().decode(Uint8Array.fromBase64(base64));
}

/**
 * What an output says. Of tables and pictures the words and numbers, axes and legends among them:
 * how they look may change, what they say may not.
 */
function said(output: Output): string {
  const data = Object.entries(output.data ?? {}).map(([type, content]) => {
    const text = joined(content as string | string[]);
    return `${type}: ${/svg|html/.test(type) ? shownText(text) : text}`;
  });
  return masked([shape(output), joined(output.text), ...data, output.ename ?? ""].join("\n"));
}

/**
 * Returns which cells say something else than is stored; of cells tagged `live`, which have other
 * kinds of output.
 *
 * @param stored The notebook as stored.
 * @param fresh The notebook as just run.
 * @returns One line per cell that differs.
 */
export function compareOutputs(stored: Notebook, fresh: Notebook): string[] {
  const problems: string[] = [];
  for (const [i, cell] of fresh.cells.entries()) {
    if (cell.cell_type !== "code") continue;
    const describe = hasTag(cell, "live") ? shape : said;
    const before = (stored.cells[i]?.outputs ?? []).map(describe).join("\n");
    const now = (cell.outputs ?? []).map(describe).join("\n");
    if (before === now) continue;
    const at = firstDifference(before, now);
    problems.push(`cell ${i + 1}: stored ${preview(before, at)}, now ${preview(now, at)}`);
  }
  return problems;
}

function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}

function preview(text: string, at: number): string {
  const from = Math.max(0, at - 40);
  const part = text.slice(from, at + 60).replaceAll("\n", " | ");
  return JSON.stringify(`${from > 0 ? "…" : ""}${part}${at + 60 < text.length ? "…" : ""}`);
}
