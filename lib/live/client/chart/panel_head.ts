/// <reference lib="dom" />
import { ADAPTIVE, DECISION_LOOKS, type PanelSpec, type SeriesSpec } from "../../../charts/mod.ts";
import { element } from "../dom.ts";
import type { ChartMemory } from "./memory.ts";

/** The header of a panel: its name folds it, its legend hides series and shows values. */
export interface PanelHead {
  readonly root: HTMLElement;
  /** The values by the keys of their series. */
  readonly values: ReadonlyMap<string, HTMLOutputElement>;
  /** What there is to say of the decisions drawn. */
  readonly decisions: HTMLElement | null;
}

/** Makes the header of a panel. */
export function panelHead(panel: PanelSpec, memory: ChartMemory, redraw: () => void): PanelHead {
  const values = new Map<string, HTMLOutputElement>();
  const decisions = panel.signals === undefined ? null : element("span", { class: "decisions" });
  const name = switchButton(memory.folded, panel.key, redraw, {
    ...{ class: "name", title: `Fold ${panel.label}` },
  }, panel.label);
  const unit = element("span", { class: "unit" }, panel.unit);
  const root = element(
    "div",
    { class: "head" },
    name,
    ...(panel.unit === "" ? [] : [unit]),
    ...panel.series.map((series) => {
      const output = element("output");
      values.set(series.key, output);
      return legend(panel, series, output, memory, redraw);
    }),
    ...panel.bands.map(bandLegend),
    ...(decisions === null ? [] : [decisions]),
    ...(panel.canLog ? [logButton(panel, memory, redraw)] : []),
  );
  return { root, values, decisions };
}

function legend(
  panel: PanelSpec,
  { key, label, color }: SeriesSpec,
  output: HTMLOutputElement,
  memory: ChartMemory,
  redraw: () => void,
): HTMLElement {
  const swatch = element("span", { class: "swatch" });
  swatch.style.background = ADAPTIVE.color[color];
  const button = element("button", {
    ...{ class: "key", type: "button", title: `Show or hide ${label}` },
    "aria-pressed": String(!memory.hidden.has(key)),
    onclick: () => {
      if (!memory.hidden.delete(key)) memory.hidden.add(key);
      button.setAttribute("aria-pressed", String(!memory.hidden.has(key)));
      redraw();
    },
  }, swatch);
  if (panel.series.length > 1) button.append(element("span", {}, label));
  else button.setAttribute("aria-label", label);
  button.append(output);
  return button;
}

function bandLegend({ label, color }: PanelSpec["bands"][number]): HTMLElement {
  const swatch = element("i");
  swatch.style.background = ADAPTIVE.color[color];
  return element("span", { class: "band" }, swatch, label);
}

function logButton(panel: PanelSpec, memory: ChartMemory, redraw: () => void): HTMLElement {
  const button = switchButton(memory.logarithmic, panel.key, redraw, {
    ...{ class: "log", title: "Logarithmic scale" },
  }, "Log");
  return button;
}

/** A button that puts a key into a set and takes it out again. */
function switchButton(
  set: Set<string>,
  key: string,
  redraw: () => void,
  attributes: { readonly class: string; readonly title: string },
  text: string,
): HTMLButtonElement {
  const isFold = attributes.class === "name";
  const show = () => {
    const isIn = set.has(key);
    if (isFold) button.setAttribute("aria-expanded", String(!isIn));
    else button.setAttribute("aria-pressed", String(isIn));
  };
  const button = element("button", {
    ...attributes,
    type: "button",
    onclick: () => {
      if (!set.delete(key)) set.add(key);
      show();
      redraw();
    },
  }, text);
  show();
  return button;
}

/** What the signs on the z-score mean, or how many there would be. */
export function decisionLegend(place: HTMLElement, count: number, most: number): void {
  const text = count > most
    ? `${count.toLocaleString("en")} decisions in view: zoom in to see them`
    : Object.entries(DECISION_LOOKS).map(([kind, { glyph }]) => `${glyph} ${kind}`).join("  ");
  if (place.textContent !== text) place.textContent = text;
}
