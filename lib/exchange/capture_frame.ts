import { type StreamClass, streamClass } from "./stream_route.ts";

/** A captured frame of a combined stream. */
export interface CapturedFrame {
  /** The name of the stream. */
  readonly stream: string;
  /** What the stream carries: the part of its name after the `@`. */
  readonly type: string;
  /** The payload, as captured. */
  readonly payload: string;
  /** `E`: when the exchange sent it, ms since the epoch; `null` where it does not tell. */
  readonly eventTimeMs: number | null;
}

/** The usual form: only the beginning is looked at. */
const FRAME = /^\{"stream":"([^"\\]+)","data":\{"e":"\w+","E":(\d{1,15}),/;

function typeOf(stream: string): string {
  return stream.slice(stream.indexOf("@") + 1);
}

function unusualFrame(json: string): CapturedFrame | null {
  let frame: unknown;
  try {
    frame = JSON.parse(json);
  } catch {
    return null;
  }
  if (typeof frame !== "object" || frame === null) return null;
  const { stream, data } = frame as Record<string, unknown>;
  if (typeof stream !== "string" || /["\\]/.test(stream)) return null;
  if (typeof data !== "object" || data === null) return null;
  const first = Array.isArray(data) ? data[0] : data;
  const eventTime: unknown = first?.E;
  return {
    stream,
    type: typeOf(stream),
    payload: JSON.stringify(data),
    eventTimeMs: typeof eventTime === "number" ? eventTime : null,
  };
}

/** Reads a captured line; `null` for one that is no frame of a combined stream. */
export function capturedFrame(json: string): CapturedFrame | null {
  const match = FRAME.exec(json);
  if (match === null || !json.endsWith("}}")) return unusualFrame(json);
  const stream = match[1]!;
  return {
    stream,
    type: typeOf(stream),
    payload: json.slice(`{"stream":"${stream}","data":`.length, -1),
    eventTimeMs: Number(match[2]),
  };
}

/** A stream of a capture. */
export interface CapturedStream {
  readonly name: string;
  readonly streamClass: StreamClass;
  /** The symbol in its name, or `null` for a stream of the whole market. */
  readonly symbol: string | null;
}

/** What a stream's name says of it. */
export function capturedStream(name: string): CapturedStream {
  const symbol = name.startsWith("!") || !name.includes("@")
    ? null
    : name.slice(0, name.indexOf("@")).toUpperCase();
  return { name, streamClass: streamClass(name), symbol };
}

/** The fields of a `trade` or `aggTrade` payload that the exchange keeps. */
export interface CapturedTrade {
  readonly id: number;
  readonly firstId: number;
  readonly lastId: number;
  readonly timeMs: number;
  readonly price: string;
  readonly quantity: string;
  readonly takerSold: boolean;
  /** Whether it was a match of the market: `X` is `MARKET`, or there is no `X`. */
  readonly isMarket: boolean;
}

const DECIMAL = /^\d+(\.\d+)?$/;

/** Reads the payload of a `trade` or `aggTrade` stream; `null` where a field is missing. */
export function capturedTrade(payload: string): CapturedTrade | null {
  return readTrade(JSON.parse(payload));
}

/** The stream of rows that were fetched over REST and recorded beside frames; nobody sends it. */
export const REST_ROWS = "aggTrades";

/** Reads the payload of such a stream; rows that are none are left out. */
export function capturedRows(payload: string): CapturedTrade[] {
  const rows: unknown = JSON.parse(payload);
  if (!Array.isArray(rows)) return [];
  return rows.map((row) => readTrade(row ?? {})).filter((trade) => trade !== null);
}

function readTrade({ t, a, f, l, T, p, q, m, X }: Record<string, unknown>): CapturedTrade | null {
  const id = t ?? a;
  const [firstId, lastId] = [t ?? f, t ?? l];
  if (typeof id !== "number" || typeof firstId !== "number" || typeof lastId !== "number") {
    return null;
  }
  if (typeof T !== "number" || typeof m !== "boolean") return null;
  if (typeof p !== "string" || typeof q !== "string") return null;
  if (!DECIMAL.test(p) || !DECIMAL.test(q)) return null;
  const isMarket = (X === undefined || X === "MARKET") && Number(p) > 0 && Number(q) > 0;
  return { id, firstId, lastId, timeMs: T, price: p, quantity: q, takerSold: m, isMarket };
}
