/// <reference lib="dom" />
import type { HeatMap } from "../../../charts/mod.ts";

/** A cell of a heat map. */
export interface HeatCell {
  readonly row: number;
  readonly column: number;
}

/** Where the cells of a heat map lie, in CSS pixels. */
export interface HeatFrame {
  /** Width and height of the whole. */
  readonly width: number;
  /** Space for names at the left and the top. */
  readonly gutter: number;
  /** Width of a cell. */
  readonly cell: number;
  /** Left edge of the first cell. */
  readonly originX: number;
  /** Upper edge of the first cell. */
  readonly originY: number;
}

const MOST_WIDTH = 820;
/** Names are written where a cell is at least this high. */
const NAME_HEIGHT = 9;

/** The size of a heat map on so much room. */
export function heatSize(room: number): Pick<HeatFrame, "width" | "gutter"> {
  const width = Math.min(MOST_WIDTH, room);
  return { width, gutter: width < 480 ? 62 : 84 };
}

/** Draws a heat map: cells, names where there is room, and lines to the cell pointed at. */
export function drawHeat(
  canvas: HTMLCanvasElement,
  picture: HTMLCanvasElement,
  { symbols }: HeatMap,
  frame: HeatFrame,
  pointed: HeatCell | null,
): void {
  const { width, gutter, cell, originX, originY } = frame;
  const height = Math.min(width, Math.ceil(gutter + cell * symbols.length) + 1);
  const ratio = devicePixelRatio;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d")!;
  const style = getComputedStyle(canvas);
  context.scale(ratio, ratio);
  context.save();
  context.beginPath();
  context.rect(gutter, gutter, width - gutter, height - gutter);
  context.clip();
  const size = cell * symbols.length;
  context.imageSmoothingEnabled = cell * ratio < 1;
  if (symbols.length > 0) context.drawImage(picture, originX, originY, size, size);
  if (pointed !== null) drawCross(context, frame, pointed, height, style.color);
  context.restore();
  drawNames(context, symbols, frame, pointed, height, style);
}

function drawCross(
  context: CanvasRenderingContext2D,
  { gutter, cell, originX, originY, width }: HeatFrame,
  { row, column }: HeatCell,
  height: number,
  color: string,
): void {
  const [x, y] = [originX + column * cell, originY + row * cell];
  context.strokeStyle = color;
  context.globalAlpha = 0.35;
  context.lineWidth = 1;
  context.strokeRect(gutter - 2, y, width, cell);
  context.strokeRect(x, gutter - 2, cell, height);
  context.globalAlpha = 1;
  context.lineWidth = 1.5;
  context.strokeRect(x, y, cell, cell);
}

function drawNames(
  context: CanvasRenderingContext2D,
  symbols: readonly string[],
  { gutter, cell, originX, originY, width }: HeatFrame,
  pointed: HeatCell | null,
  height: number,
  style: CSSStyleDeclaration,
): void {
  const muted = style.getPropertyValue("--tandem-muted") || style.color;
  const surface = style.getPropertyValue("--tandem-surface") || "white";
  context.textBaseline = "middle";
  context.textAlign = "right";
  const write = (k: number, isPointed: boolean, isRow: boolean) => {
    const at = (isRow ? originY : originX) + (k + 0.5) * cell;
    if (at < gutter || at > (isRow ? height : width)) return;
    const text = symbols[k]!;
    context.save();
    context.font = `${isPointed ? "600 " : ""}${
      isPointed ? 11 : Math.min(11, cell)
    }px ${style.fontFamily}`;
    if (isRow) context.translate(gutter - 5, at);
    else {
      context.translate(at, gutter - 5);
      context.rotate(Math.PI / 2);
    }
    if (isPointed) {
      const length = context.measureText(text).width;
      context.fillStyle = surface;
      context.fillRect(-length - 3, -8, length + 6, 16);
    }
    context.fillStyle = isPointed ? style.color : muted;
    context.fillText(text, 0, 0, gutter - 6);
    context.restore();
  };
  if (cell >= NAME_HEIGHT) {
    symbols.forEach((_, k) => {
      write(k, false, true);
      write(k, false, false);
    });
  }
  if (pointed === null) return;
  write(pointed.row, true, true);
  write(pointed.column, true, false);
}
