/// <reference lib="dom" />
// @ts-types="@types/d3-selection"
import { select } from "d3-selection";
// @ts-types="@types/d3-zoom"
import { zoom, zoomIdentity, type ZoomTransform } from "d3-zoom";
import { type HeatMap, heatPixels, heatValue } from "../../../charts/mod.ts";
import { DARK, LIGHT } from "../../../charts/mod.ts";
import { element } from "../dom.ts";
import { drawHeat, type HeatCell, type HeatFrame, heatSize } from "./heat_drawing.ts";

/** What a heat map is told of. */
export interface HeatEvents {
  /** The cell under the pointer or chosen by keys; `null` when there is none. */
  readonly pointed: (cell: HeatCell | null) => void;
  /** A cell was pressed. */
  readonly opened: (cell: HeatCell) => void;
}

/** At most so many CSS pixels per cell. */
const LARGEST_CELL = 48;

const MOVES: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/**
 * A heat map on a canvas: one picture of a pixel per cell, magnified, so that it costs the same for
 * 500 symbols as for five. Zooms with the wheel (with Ctrl, Meta or the focus) and pans by dragging.
 */
export class HeatView {
  readonly root: HTMLElement;
  readonly #canvas = element("canvas", {
    ...{ tabindex: 0, role: "img" },
    "aria-label": "Heat map of all pairs. Arrow keys choose a pair, Enter opens it, " +
      "plus and minus zoom, 0 shows all.",
  });
  readonly #events: HeatEvents;
  readonly #picture = element("canvas");
  readonly #zoom = zoom<HTMLCanvasElement, unknown>();
  readonly #dark = matchMedia("(prefers-color-scheme: dark)");
  #map: HeatMap = { part: "correlation", symbols: [], values: new Float64Array() };
  #transform: ZoomTransform = zoomIdentity;
  #cell: HeatCell | null = null;
  #frame = 0;

  constructor(events: HeatEvents) {
    this.#events = events;
    this.root = element("div", { class: "heat" }, this.#canvas);
    this.#zoom
      .filter((event) =>
        event.type === "wheel"
          ? event.ctrlKey || event.metaKey || document.activeElement === this.#canvas
          : !event.button
      )
      .on("zoom", ({ transform }) => {
        this.#transform = transform;
        this.#schedule();
      });
    select(this.#canvas).call(this.#zoom).on("dblclick.zoom", null);
    this.#listen();
    new ResizeObserver(() => this.#schedule()).observe(this.root);
    this.#dark.addEventListener("change", () => this.show(this.#map));
  }

  /** Shows a heat map; what is zoomed to stays. */
  show(map: HeatMap): void {
    const { length } = map.symbols;
    const isOther = length !== this.#map.symbols.length;
    this.#map = map;
    if (length > 0) {
      this.#picture.width = this.#picture.height = length;
      const pixels = heatPixels(map, this.#dark.matches ? DARK : LIGHT);
      this.#picture.getContext("2d")!.putImageData(new ImageData(pixels, length), 0, 0);
    }
    if (isOther) this.reset();
    this.#schedule();
  }

  /** Shows all cells. */
  reset(): void {
    select(this.#canvas).call(this.#zoom.transform, zoomIdentity);
  }

  /** Magnifies by a factor. */
  magnify(factor: number): void {
    select(this.#canvas).call(this.#zoom.scaleBy, factor);
  }

  /** Points at a pair of symbols, or at none. */
  point(y: string | null, x: string | null): void {
    const { symbols } = this.#map;
    const [row, column] = [symbols.indexOf(y ?? ""), symbols.indexOf(x ?? "")];
    this.#point(row < 0 || column < 0 ? null : { row, column });
  }

  /** What is said of a cell. */
  describe({ row, column }: HeatCell): { y: string; x: string; value: number | null } {
    const { symbols } = this.#map;
    return { y: symbols[row]!, x: symbols[column]!, value: heatValue(this.#map, row, column) };
  }

  #listen(): void {
    const canvas = this.#canvas;
    canvas.addEventListener("pointermove", (event) => this.#point(this.#cellAt(event)));
    canvas.addEventListener("pointerleave", () => this.#point(null));
    canvas.addEventListener("click", (event) => {
      const cell = this.#cellAt(event);
      if (cell !== null && cell.row !== cell.column) this.#events.opened(cell);
    });
    canvas.addEventListener("dblclick", (event) => event.preventDefault());
    canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (this.#press(event.key)) event.preventDefault();
    });
  }

  #press(key: string): boolean {
    const move = MOVES[key];
    if (move !== undefined) this.#step(...move);
    else if (key === "Enter" && this.#cell !== null) this.#events.opened(this.#cell);
    else if (key === "+" || key === "=") this.magnify(1.5);
    else if (key === "-") this.magnify(1 / 1.5);
    else if (key === "0") this.reset();
    else return false;
    return true;
  }

  #step(rows: number, columns: number): void {
    const last = this.#map.symbols.length - 1;
    if (last < 1) return;
    const { row, column } = this.#cell ?? { row: 1, column: 0 };
    const within = (value: number) => Math.max(0, Math.min(last, value));
    const isNew = this.#cell === null;
    this.#point(
      isNew ? { row, column } : {
        row: within(row + rows),
        column: within(column + columns),
      },
    );
  }

  #point(cell: HeatCell | null): void {
    if (cell?.row === this.#cell?.row && cell?.column === this.#cell?.column) return;
    this.#cell = cell;
    this.#canvas.style.cursor = cell !== null && cell.row !== cell.column ? "pointer" : "";
    this.#events.pointed(cell);
    this.#schedule();
  }

  #cellAt(event: MouseEvent): HeatCell | null {
    const { left, top } = this.#canvas.getBoundingClientRect();
    const { gutter, cell, originX, originY } = this.#geometry;
    const [x, y] = [event.clientX - left, event.clientY - top];
    const [column, row] = [Math.floor((x - originX) / cell), Math.floor((y - originY) / cell)];
    const { length } = this.#map.symbols;
    const isInside = x >= gutter && y >= gutter && row >= 0 && column >= 0 &&
      row < length && column < length;
    return isInside ? { row, column } : null;
  }

  get #geometry(): HeatFrame {
    const size = heatSize(this.root.clientWidth);
    const { length } = this.#map.symbols;
    const plot = size.width - size.gutter;
    const cell = Math.min(plot / Math.max(1, length), LARGEST_CELL) * this.#transform.k;
    return {
      ...size,
      cell,
      originX: size.gutter + this.#transform.x,
      originY: size.gutter + this.#transform.y,
    };
  }

  #schedule(): void {
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    this.#frame = 0;
    const { width, gutter } = this.#geometry;
    if (width <= gutter) return;
    const plot = width - gutter;
    const { length } = this.#map.symbols;
    const full = Math.min(plot, LARGEST_CELL * length);
    this.#zoom
      .scaleExtent([1, Math.max(1, LARGEST_CELL * length / Math.max(1, full))])
      .extent([[0, 0], [full, full]])
      .translateExtent([[0, 0], [full, full]]);
    drawHeat(this.#canvas, this.#picture, this.#map, this.#geometry, this.#cell);
  }
}
