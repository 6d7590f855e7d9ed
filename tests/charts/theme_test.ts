import { ok } from "node:assert/strict";
import { DARK, LIGHT } from "../../lib/charts/mod.ts";

/** Relative luminance of a hexadecimal colour, as WCAG 2 defines it. */
function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
}

for (const [name, theme] of [["LIGHT", LIGHT], ["DARK", DARK]] as const) {
  Deno.test(`${name} has the contrast of WCAG AA: 4.5 for words, 3 for what is drawn`, () => {
    const words = { text: theme.text, muted: theme.muted, accent: theme.accent };
    for (const [word, color] of Object.entries(words)) {
      for (const behind of [theme.page, theme.surface]) {
        const found = contrast(color, behind);
        ok(found >= 4.5, `${word} on ${behind}: ${found}`);
      }
    }
    for (const [word, color] of Object.entries({ ...theme.color, accent: theme.accent })) {
      const found = contrast(color, theme.surface);
      ok(found >= 3, `${word} on the surface: ${found}`);
    }
  });
}
