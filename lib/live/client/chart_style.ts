import { themeCss } from "../../charts/mod.ts";

/** The looks of a chart; it lives in a shadow tree, so that nothing around it leaks in. */
export const CHART_STYLE: string = themeCss(":host") + `
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
  display: flex; flex-wrap: wrap; gap: 6px 16px; align-items: flex-end;
  justify-content: space-between; padding: 0 14px 2px;
}
h2 { margin: 0; font-size: 16px; font-weight: 600; letter-spacing: -0.01em; }
.subtitle { margin: 1px 0 0; color: var(--tandem-muted); font-size: 12px; }
:host([data-tandem-note]) .subtitle::after { content: " · " attr(data-tandem-note); color: var(--tandem-red); }
.tools { display: flex; gap: 2px; align-items: center; }
button {
  font: inherit; color: inherit; background: none; border: 0; margin: 0; cursor: pointer;
  border-radius: 6px;
}
button:focus-visible { outline: 2px solid var(--tandem-accent); outline-offset: 1px; }
.tools button { padding: 3px 8px; font-size: 12px; color: var(--tandem-muted); min-height: 24px; }
.tools button:hover { color: var(--tandem-text); background: var(--tandem-grid); }
.tools button[aria-pressed="true"] { color: var(--tandem-text); background: var(--tandem-grid); font-weight: 600; }
.tools .live { margin-left: 6px; color: var(--tandem-accent); font-weight: 600; }
.tools .live::before { content: "●"; margin-right: 5px; font-size: 9px; vertical-align: 1px; }
.tools .live[aria-pressed="false"]::before { content: "❚❚"; font-size: 8px; }
.panels { position: relative; cursor: crosshair; touch-action: pan-y !important; user-select: none; }
.panels.dragged { cursor: grabbing; }
.head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 14px; padding: 8px 14px 0; min-height: 20px; }
.head .name { font-weight: 600; }
.head .unit { color: var(--tandem-muted); font-size: 12px; margin-left: -6px; }
.key { display: inline-flex; align-items: baseline; gap: 6px; padding: 0 3px; font-size: 12px; color: var(--tandem-muted); }
.key .swatch { width: 12px; height: 3px; border-radius: 2px; align-self: center; }
.key output { color: var(--tandem-text); min-width: 5ch; }
.key[aria-pressed="false"] { text-decoration: line-through; opacity: 0.6; }
.key[aria-pressed="false"] output { visibility: hidden; }
.marks { color: var(--tandem-muted); font-size: 12px; display: inline-flex; gap: 6px; align-items: baseline; }
.marks i { width: 10px; height: 3px; align-self: center; }
.plot svg { display: block; overflow: visible; }
.plot text { white-space: pre; }
.cross { position: absolute; top: 0; bottom: 32px; width: 1px; margin-left: -0.5px; background: var(--tandem-muted); opacity: 0.7; pointer-events: none; }
.when {
  position: absolute; bottom: 8px; transform: translateX(-50%); padding: 1px 7px; border-radius: 5px;
  background: var(--tandem-text); color: var(--tandem-surface); font-size: 11px; pointer-events: none;
  white-space: nowrap;
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
@media print { .tools { display: none; } }
`;
