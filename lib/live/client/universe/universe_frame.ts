/// <reference lib="dom" />
import { element } from "../dom.ts";

/** The parts of the universe view. */
export interface UniverseFrame {
  readonly form: HTMLFormElement;
  readonly tiles: HTMLElement;
  readonly summary: HTMLElement;
  readonly caveats: HTMLElement;
  readonly progress: HTMLProgressElement;
  readonly parts: HTMLElement;
  readonly said: HTMLElement;
  readonly legend: HTMLElement;
  readonly heatTools: HTMLElement;
  readonly count: HTMLElement;
  readonly empty: HTMLElement;
}

function option(value: string, label: string): HTMLElement {
  return element("option", { value }, label);
}

function number(name: string, label: string, title: string): HTMLElement {
  const field = element("input", { name, type: "number", min: 0, step: "any", placeholder: "any" });
  return element("label", { class: "number", title }, `${label} `, field);
}

function controls(): HTMLFormElement {
  const intervals = ["1s", "1m", "5m"].map((value) =>
    element(
      "label",
      {},
      element("input", { type: "radio", name: "interval", value }),
      element("span", {}, value),
    )
  );
  const window = element("input", {
    ...{ name: "window", type: "number", min: 21, max: 10_080, step: 1, required: true },
  });
  const rows = element(
    "select",
    { name: "rows" },
    option("discoveries", "Discoveries"),
    option("candidates", "Candidates"),
    option("all", "All pairs"),
  );
  const limit = element(
    "select",
    { name: "limit" },
    ...["50", "100", "250", "500"].map((value) => option(value, value)),
  );
  const find = element("input", {
    ...{ name: "find", type: "search", autocomplete: "off", placeholder: "e.g. BTC" },
    ...{ spellcheck: "false", list: "symbols" },
  });
  return element(
    "form",
    { class: "controls", "aria-label": "Which pairs" },
    element(
      "fieldset",
      {},
      element("legend", {}, "Interval"),
      element("div", { class: "segments" }, ...intervals),
    ),
    element("label", { class: "number", title: "Bars in the window" }, "Window ", window),
    element("label", {}, "Show ", rows),
    element("label", {}, "Rows ", limit),
    element("label", { title: "Part of a symbol" }, "Find ", find),
    number("minHalfLife", "Half-life ≥", "Shortest half-life, bars"),
    number("maxHalfLife", "Half-life ≤", "Longest half-life, bars"),
    element(
      "label",
      { class: "number", title: "Largest share of bars without a trade, %" },
      "Stale ≤ % ",
      element("input", { name: "maxStale", type: "number", min: 1, max: 100, step: "any" }),
    ),
    number("minQuoteVolume", "Volume/day ≥", "Least quote volume per day of both symbols"),
  );
}

/** Builds the universe view around its table and its heat map. */
export function universeFrame(
  root: HTMLElement,
  table: HTMLElement,
  heat: HTMLElement,
  exports: HTMLElement,
): UniverseFrame {
  const frame: UniverseFrame = {
    form: controls(),
    tiles: element("dl", { class: "tiles" }),
    summary: element("p", { class: "note" }, "Waiting for the first screen …"),
    caveats: element("ul", { class: "caveats" }),
    progress: element("progress", { hidden: true, "aria-label": "Stored bars read" }),
    parts: element("div", { class: "tabs", role: "group", "aria-label": "Heat map of" }),
    said: element("p", { class: "said", "aria-live": "polite" }),
    legend: element("p", { class: "heat-legend" }),
    heatTools: element("div", { class: "heat-tools" }),
    count: element("span", { class: "count" }),
    empty: element(
      "p",
      { class: "note" },
      "No pair passes these filters. Show all pairs, or wait.",
    ),
  };
  const trust = element(
    "section",
    { class: "trust", "aria-label": "How much to trust it" },
    ...[frame.summary, frame.progress, frame.caveats],
  );
  const ranking = element(
    "section",
    { class: "card ranking" },
    element(
      "div",
      { class: "card-head" },
      element("h2", {}, "Pairs by p-value"),
      frame.count,
      exports,
    ),
    element("div", { class: "scroll" }, table),
    frame.empty,
  );
  const map = element(
    "section",
    { class: "card map" },
    element("div", { class: "card-head" }, frame.parts, frame.heatTools),
    ...[frame.said, heat, frame.legend],
  );
  root.replaceChildren(
    ...[frame.form, frame.tiles, trust],
    element("div", { class: "split" }, ranking, map),
  );
  return frame;
}
