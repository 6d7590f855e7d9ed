import type { StreamKind } from "../market/mod.ts";

/** The trade that a frame is about, or the first of several. */
export interface FramedTrade {
  readonly kind: StreamKind;
  readonly symbol: string;
  readonly tradeId: number;
}

/** How a venue writes trades, and what makes of them something that is none. */
export interface FrameForm {
  /** The trade a frame is about, or `null` for any other frame. */
  tradeOf(text: string): FramedTrade | null;
  /** Gives a field another type, or takes it away. */
  mistyped(text: string, draw: () => number): string;
  /** Makes price or quantity zero, or less. */
  zeroed(text: string, draw: () => number): string;
  /** Makes it an event that nobody knows. */
  unheardOf(text: string, draw: () => number): string;
  /** Makes it a trade of a symbol that nobody asked for. */
  estranged(text: string, draw: () => number): string;
}

function tradeOf(text: string): FramedTrade | null {
  const match = /"e":"(aggTrade|trade)".*?"(?:a|t)":(\d+)/.exec(text);
  const symbol = /"s":"([^"]+)"/.exec(text)?.[1];
  if (match === null || symbol === undefined) return null;
  return { kind: match[1] as StreamKind, symbol, tradeId: Number(match[2]) };
}

/** Moves the event time. */
export function shifted(text: string, byMs: number): string {
  return text.replace(/"E":(\d+)/, (_, time) => `"E":${Number(time) + byMs}`);
}

const GIANT_LENGTH = 250_000;

/** Adds a very long field that nobody knows; it is the same trade. */
export function giant(text: string): string {
  return text.replace(/"(e|ts)":/, `"later":"${"x".repeat(GIANT_LENGTH)}","$1":`);
}

/** Cuts a text in two, each of which is no JSON. */
export function split(text: string, draw: () => number): [string, string] {
  const at = 1 + Math.floor(draw() * (text.length - 2));
  return [text.slice(0, at), text.slice(at)];
}

/** Makes the text something that is no JSON. */
export function broken(text: string, draw: () => number): string {
  const at = 1 + Math.floor(draw() * (text.length - 2));
  return pick([
    text.slice(0, at),
    `${text.slice(0, at)}\u0000${text.slice(at)}`,
    `${text}${text.slice(0, at)}`,
    text.replaceAll(":", "="),
  ], draw);
}

function mistyped(text: string, draw: () => number): string {
  return pick([
    text.replace(/"p":"([^"]+)"/, '"p":$1'),
    text.replace(/"p":"[^"]+"/, '"p":null'),
    text.replace(/"p":"[^"]+"/, '"p":"NaN"'),
    text.replace(/"p":"[^"]+",/, ""),
    text.replace(/"q":"([^"]+)"/, '"q":["$1"]'),
    text.replace(/"q":"[^"]+"/, '"q":"1e3"'),
    text.replace(/"T":(\d+)/, '"T":"$1"'),
    text.replace(/"T":(\d+)/, '"T":$1.5'),
    text.replace(/"E":\d+,/, ""),
    text.replace(/"m":(\w+)/, '"m":"$1"'),
    text.replace(/"(a|t)":(\d+)/, '"$1":"$2"'),
    text.replace(/"(a|t)":(\d+)/, '"$1":-$2'),
    text.replace(/"(a|t)":\d+,/, ""),
    text.replace(/"s":"[^"]+"/, '"s":{}'),
  ], draw);
}

function zeroed(text: string, draw: () => number): string {
  const field = pick(["p", "q"], draw);
  return text.replace(
    new RegExp(`"${field}":"[^"]+"`),
    `"${field}":"${pick(["0", "0.00", "-1"], draw)}"`,
  );
}

function unheardOf(text: string, draw: () => number): string {
  return text.includes('"X":"MARKET"')
    ? text.replace('"X":"MARKET"', `"X":"${pick(["NA", "ADL", "LATER_INVENTION"], draw)}"`)
    : text.replace('"e":"aggTrade"', '"e":"laterInvention"');
}

function estranged(text: string, draw: () => number): string {
  return pick([
    text.replace(/"s":"[^"]+"/, '"s":"STRANGERUSDT"'),
    text.replace(/"st":1/, '"st":2'),
  ], draw);
}

/** One of some values. */
export function pick<T>(values: readonly T[], draw: () => number): T {
  return values[Math.floor(draw() * values.length)]!;
}

/** How Binance writes them. */
export const BINANCE_FRAMES: FrameForm = { tradeOf, mistyped, zeroed, unheardOf, estranged };
