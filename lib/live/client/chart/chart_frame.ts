/// <reference lib="dom" />
import type { ChartSpec } from "../../../charts/mod.ts";
import { element } from "../dom.ts";
import { clock } from "../preferences.ts";

/** What a chart is framed with. */
export interface FrameParts {
  readonly spec: ChartSpec;
  /** Range buttons and tools. */
  readonly tools: readonly HTMLElement[];
  /** Everything below the title, in order. */
  readonly body: readonly HTMLElement[];
}

/** The outermost element of a chart: title, tools, and what is below. */
export function chartFrame({ spec, tools, body }: FrameParts): HTMLElement {
  const { title, subtitle } = spec;
  const titles = element(
    "div",
    { class: "titles" },
    element("h2", {}, title),
    element("p", { class: "subtitle" }, subtitle),
  );
  return element(
    "div",
    {
      ...{ class: "chart", tabindex: 0, role: "group" },
      "aria-label": `Chart: ${title}. Arrow keys move, plus and minus zoom, 0 shows everything, ` +
        `Shift with an arrow key reads values, Table shows the rows.`,
    },
    element("div", { class: "bar" }, titles, element("div", { class: "toolbars" }, ...tools)),
    ...body,
  );
}

/** What the strips at the foot of the first panel mean. */
export function markLegend(spec: ChartSpec): HTMLElement[] {
  return spec.marks.map(({ label, color }) => {
    const swatch = element("i");
    swatch.style.background = `var(--tandem-${color})`;
    return element("span", { class: "marks" }, swatch, label);
  });
}

/** The button that changes between UTC and the reader's own clock. */
export function clockButton(): { readonly root: HTMLButtonElement; refresh(): void } {
  const root = element("button", { class: "zone", type: "button", onclick: () => clock.toggle() });
  const refresh = () => {
    root.textContent = clock.zone === "utc" ? "UTC" : "Local";
    root.title = `Times are ${clock.label}: press for ${
      clock.zone === "utc" ? "local time" : "UTC"
    }`;
  };
  refresh();
  return { root, refresh };
}
