/** The colours a chart may use, by name; each keeps its meaning across light, dark and print. */
export type ColorName = "blue" | "orange" | "green" | "purple" | "red" | "amber" | "ink" | "grey";

/** Colours and type of one appearance. */
export interface Theme {
  /** Behind everything. */
  readonly page: string;
  /** Behind a chart. */
  readonly surface: string;
  /** Fine lines between things. */
  readonly line: string;
  /** Grid lines. */
  readonly grid: string;
  /** Text. */
  readonly text: string;
  /** Text that stands back. */
  readonly muted: string;
  /** What can be pressed, and the ring around what has the focus. */
  readonly accent: string;
  /** The series colours. */
  readonly color: Readonly<Record<ColorName, string>>;
}

/** The type everything is set in. */
export const FONT_STACK =
  'Inter, "Inter Variable", system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif';

/**
 * Dark on white, also for pictures in files.
 *
 * The series colours follow Okabe and Ito (2008), told apart with any kind of colour vision, a
 * little darker so that each has a contrast of at least 3 : 1 with the surface.
 */
export const LIGHT: Theme = {
  page: "#f6f6f3",
  surface: "#ffffff",
  line: "#e2e1dc",
  grid: "#ecebe7",
  text: "#1d1f23",
  muted: "#696c74",
  accent: "#0b62b0",
  color: {
    blue: "#0b6bb8",
    orange: "#d1650a",
    green: "#067f60",
    purple: "#a3508c",
    red: "#c8331c",
    amber: "#a87800",
    ink: "#3d4555",
    grey: "#7d818a",
  },
};

/** Light on dark. */
export const DARK: Theme = {
  page: "#101216",
  surface: "#181b20",
  line: "#2c3037",
  grid: "#262a31",
  text: "#e9e8e4",
  muted: "#9a9ea8",
  accent: "#7cbcf4",
  color: {
    blue: "#62b0f0",
    orange: "#f2994a",
    green: "#41c3a0",
    purple: "#d994c6",
    red: "#ff7f68",
    amber: "#e0b23e",
    ink: "#c3c9d6",
    grey: "#868b96",
  },
};

const COLOR_NAMES = Object.keys(LIGHT.color) as ColorName[];

/**
 * The theme a browser fills in: every colour is a custom property of `themeCss()`, so a drawing
 * follows the reader's choice of light or dark without being drawn again.
 */
export const ADAPTIVE: Theme = {
  page: "var(--tandem-page)",
  surface: "var(--tandem-surface)",
  line: "var(--tandem-line)",
  grid: "var(--tandem-grid)",
  text: "var(--tandem-text)",
  muted: "var(--tandem-muted)",
  accent: "var(--tandem-accent)",
  color: Object.fromEntries(
    COLOR_NAMES.map((name) => [name, `var(--tandem-${name})`]),
  ) as Record<ColorName, string>,
};

/**
 * Returns the style rules that define the custom properties of `ADAPTIVE`: light, and dark where
 * the reader prefers it.
 *
 * @example The root of a page
 * ```ts
 * import { LIGHT, themeCss } from "tandem/charts";
 * import { ok } from "node:assert/strict";
 *
 * ok(themeCss(":root").includes(`--tandem-blue: ${LIGHT.color.blue};`));
 * ```
 *
 * @param selector The element that carries the properties, for example `:root` or `:host`.
 * @returns A style sheet.
 */
export function themeCss(selector: string): string {
  return `${selector} {\n  color-scheme: light dark;\n  --tandem-font: ${FONT_STACK};\n` +
    `${declarations(LIGHT)}}\n@media (prefers-color-scheme: dark) {\n${selector} {\n` +
    `${declarations(DARK)}}\n}\n`;
}

function declarations(theme: Theme): string {
  const { color, ...rest } = theme;
  return Object.entries({ ...rest, ...color })
    .map(([name, value]) => `  --tandem-${name}: ${value};\n`).join("");
}
