/// <reference lib="dom" />
import { MARGIN, themeCss } from "../../../charts/mod.ts";

let made: CSSStyleSheet | undefined;

/** The looks of a chart; it lives in a shadow tree, so that nothing around it leaks in. */
export function chartStyle(): CSSStyleSheet {
  if (made === undefined) {
    made = new CSSStyleSheet();
    made.replaceSync(STYLE);
  }
  return made;
}

const STYLE: string = themeCss(":host") + `
:host {
  display: block;
  position: relative;
  color: var(--tandem-text);
  background: var(--tandem-surface);
  font: 13px/1.4 var(--tandem-font);
  font-variant-numeric: tabular-nums;
  border-radius: 10px;
}
.chart { position: relative; padding: 14px 0 6px; outline: none; border-radius: inherit; }
.chart:focus-visible { box-shadow: 0 0 0 2px var(--tandem-accent); }
.bar {
  display: flex; flex-wrap: wrap; gap: 8px 20px; align-items: center;
  justify-content: space-between; padding: 0 14px 4px;
}
h2 { margin: 0; font-size: 16px; font-weight: 600; letter-spacing: -0.01em; }
.subtitle { margin: 1px 0 0; color: var(--tandem-muted); font-size: 12px; }
:host([data-tandem-note]) .subtitle::after { content: " · " attr(data-tandem-note); color: var(--tandem-red); }
.toolbars { display: flex; flex-wrap: wrap; gap: 4px 14px; }
.tools { display: flex; gap: 1px; align-items: center; }
button, summary {
  font: inherit; color: inherit; background: none; border: 0; margin: 0; cursor: pointer;
  border-radius: 6px;
}
button:focus-visible, summary:focus-visible { outline: 2px solid var(--tandem-accent); outline-offset: 1px; }
.tools button, .tools summary { padding: 3px 9px; font-size: 12px; color: var(--tandem-muted); min-height: 26px; line-height: 20px; }
.tools button:hover, .tools summary:hover { color: var(--tandem-text); background: var(--tandem-grid); }
.tools button[aria-pressed="true"] { color: var(--tandem-text); background: var(--tandem-grid); font-weight: 600; }
.tools .live { margin-left: 6px; color: var(--tandem-accent); font-weight: 600; }
.tools .live::before { content: "●"; margin-right: 5px; font-size: 9px; vertical-align: 1px; }
.tools .live[aria-pressed="false"]::before { content: "❚❚"; font-size: 8px; }
.menu { position: relative; display: flex; }
.menu summary { list-style: none; display: flex; align-items: center; }
.menu summary::after { content: "▾"; margin-left: 4px; font-size: 10px; }
.menu summary::-webkit-details-marker { display: none; }
.menu .items {
  position: absolute; right: 0; z-index: 3; margin-top: 4px; padding: 4px; display: grid; min-width: 150px;
  background: var(--tandem-surface); border: 1px solid var(--tandem-line); border-radius: 8px;
  box-shadow: 0 6px 24px rgb(0 0 0 / 14%);
}
.menu .items button { text-align: left; white-space: nowrap; }
.menu .items b { display: inline-block; width: 3em; color: var(--tandem-text); }
.panels { position: relative; cursor: crosshair; touch-action: pan-y !important; user-select: none; }
.panels.dragged { cursor: grabbing; }
.panels.selecting { cursor: col-resize; }
.selection {
  position: absolute; top: 0; bottom: 30px; pointer-events: none; border-radius: 2px;
  background: color-mix(in srgb, var(--tandem-accent) 14%, transparent);
  box-shadow: inset 1px 0 var(--tandem-accent), inset -1px 0 var(--tandem-accent);
}
.head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 12px; padding: 6px 14px 0; min-height: 20px; cursor: default; }
.head .name { font-weight: 600; padding: 0 3px 0 0; margin-left: -1px; }
.head .name::before {
  content: ""; display: inline-block; width: 0; height: 0; margin-right: 6px; vertical-align: 2px;
  border: 3.5px solid transparent; border-top-color: var(--tandem-muted); border-bottom-width: 0;
}
.head .name[aria-expanded="false"]::before { transform: rotate(-90deg); }
.head .unit { color: var(--tandem-muted); font-size: 12px; margin-left: -6px; }
.head .log { order: 9; font-size: 11px; padding: 0 6px; color: var(--tandem-muted); }
.head .log:hover { background: var(--tandem-grid); }
.head .log[aria-pressed="true"] { color: var(--tandem-text); background: var(--tandem-grid); font-weight: 600; }
.head .band, .decisions { color: var(--tandem-muted); font-size: 11px; white-space: pre; }
.band i { display: inline-block; width: 12px; height: 8px; margin-right: 6px; border-radius: 2px; opacity: 0.25; }
.key { display: inline-flex; align-items: baseline; gap: 6px; padding: 0 3px; font-size: 12px; color: var(--tandem-muted); }
.key:hover { background: var(--tandem-grid); }
.key .swatch { width: 12px; height: 3px; border-radius: 2px; align-self: center; }
.key output { color: var(--tandem-text); min-width: 5ch; text-align: left; }
.key[aria-pressed="false"] { text-decoration: line-through; opacity: 0.6; }
.key[aria-pressed="false"] output { visibility: hidden; }
.head .marks:first-of-type { margin-left: auto; }
.marks { color: var(--tandem-muted); font-size: 11px; display: inline-flex; gap: 5px; align-items: baseline; }
.marks i { width: 8px; height: 3px; align-self: center; }
.plot svg { display: block; overflow: visible; }
.plot .window { position: absolute; top: 0; bottom: 0; left: ${MARGIN.left}px; right: ${MARGIN.right}px; overflow: hidden; pointer-events: none; }
.plot .moving { position: absolute; left: -${MARGIN.left}px; will-change: transform; }
.plot text { white-space: pre; }
/* Grey is dark enough for a line, not for words. */
.plot text[fill="var(--tandem-grey)"] { fill: var(--tandem-muted); }
.zone { position: absolute; left: 8px; bottom: 16px; padding: 0 6px; font-size: 11px; color: var(--tandem-muted); z-index: 1; }
.zone:hover { color: var(--tandem-text); background: var(--tandem-grid); }
.rows { max-height: 420px; overflow: auto; margin: 8px 0 -6px; border-top: 1px solid var(--tandem-line); border-radius: 0 0 10px 10px; }
.rows:focus-visible { outline: 2px solid var(--tandem-accent); outline-offset: -2px; }
.rows table { border-collapse: collapse; width: 100%; font-size: 12px; }
.rows caption { text-align: left; padding: 10px 14px; color: var(--tandem-muted); }
.rows th { position: sticky; top: 0; background: var(--tandem-surface); font-weight: 600; box-shadow: 0 1px 0 var(--tandem-line); }
.rows th, .rows td { padding: 4px 14px; text-align: right; white-space: nowrap; }
.rows th:first-child, .rows td:first-child { text-align: left; }
.rows tbody tr:nth-child(even) { background: color-mix(in srgb, var(--tandem-grid) 45%, transparent); }
.cross { position: absolute; top: 0; bottom: 32px; width: 1px; margin-left: -0.5px; background: var(--tandem-muted); opacity: 0.7; pointer-events: none; }
.when {
  position: absolute; bottom: 8px; transform: translateX(-50%); padding: 1px 7px; border-radius: 5px;
  background: var(--tandem-text); color: var(--tandem-surface); font-size: 11px; pointer-events: none;
  white-space: nowrap; z-index: 2;
}
.dot {
  position: absolute; width: 7px; height: 7px; margin: -3.5px 0 0 -3.5px; border-radius: 50%;
  box-shadow: 0 0 0 1.5px var(--tandem-surface); pointer-events: none;
}
.empty {
  position: absolute; inset: 0; display: grid; place-items: center; color: var(--tandem-muted);
  pointer-events: none; font-size: 14px;
}
[hidden] { display: none !important; }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media print { .toolbars { display: none; } }
@media (pointer: coarse) { .tools button, .tools summary, .key, .head .name { min-height: 32px; } }
`;
