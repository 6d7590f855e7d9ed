/**
 * The bytes of one frame, and what stands where in them. The bytes are this module's own and
 * overwritten by the next frame; positions go from one function to the next, and 0 says "not so".
 *
 * Bytes, because V8 reads them several times as fast as the characters of a string; functions of
 * this size, because it compiles the smaller ones into their caller and calls few others.
 */

/** Longer frames are not read here. */
const MOST_BYTES = 512;

/** A literal may be looked for where the frame ends: so much may be read beyond. */
const BYTES = new Uint8Array(MOST_BYTES + 64);
const VIEW = new DataView(BYTES.buffer);
const ENCODER = new TextEncoder();

/** What `afterWhole()` and `afterDecimal()` have read last. */
const NUMBER = new Float64Array(1);

/** So many digits are a whole number that a double holds exactly, whatever they are. */
const MOST_DIGITS = 15;
/** So many fit 32 bits, whose arithmetic is the fastest. */
const INT_DIGITS = 9;
const POWERS: readonly number[] = Array.from({ length: MOST_DIGITS + 1 }, (_, k) => 10 ** k);

const [POINT, ZERO, NINE] = [46, 48, 57];
const [UPPER_A, UPPER_Z, UNDERSCORE, LOWER_A, LOWER_Z] = [65, 90, 95, 97, 122];

/** A literal of 4 to 8 bytes: its first and its last four, which may overlap. */
export class Mark {
  readonly length: number;
  readonly first: number;
  readonly last: number;

  constructor(text: string) {
    const view = new DataView(ENCODER.encode(text).buffer);
    this.length = view.byteLength;
    this.first = view.getInt32(0);
    this.last = view.getInt32(this.length - 4);
  }
}

/** A literal of 4 to 60 bytes, in words of four, of which the last may overlap the one before. */
export class Phrase {
  readonly length: number;
  readonly words: Int32Array;

  constructor(text: string) {
    const view = new DataView(ENCODER.encode(text).buffer);
    this.length = view.byteLength;
    this.words = Int32Array.from(
      { length: Math.ceil(this.length / 4) },
      (_, k) => view.getInt32(Math.min(4 * k, this.length - 4)),
    );
  }
}

/** Takes a frame; returns its length, or 0 if it is too long or not all of ASCII. */
export function takeFrame(text: string): number {
  const { length } = text;
  if (length > MOST_BYTES || ENCODER.encodeInto(text, BYTES).written !== length) return 0;
  // What follows is nothing, and not the end of a frame before.
  VIEW.setInt32(length, 0);
  return length;
}

/** Returns the byte at a position. */
export function byteAt(at: number): number {
  return BYTES[at]!;
}

/** Returns the position after a literal that stands at a position, or 0. */
export function afterMark(at: number, { first, last, length }: Mark): number {
  return VIEW.getInt32(at) === first && VIEW.getInt32(at + length - 4) === last ? at + length : 0;
}

/** Returns the position after a literal that stands at a position, or 0. */
export function afterPhrase(at: number, { words, length }: Phrase): number {
  const last = words.length - 1;
  for (let k = 0; k < last; k++) if (VIEW.getInt32(at + 4 * k) !== words[k]) return 0;
  return VIEW.getInt32(at + length - 4) === words[last] ? at + length : 0;
}

/** Returns the position after the letters, digits and underscores at a position, if any. */
export function afterName(at: number): number {
  let byte = BYTES[at]!;
  while (
    (byte >= UPPER_A && byte <= UPPER_Z) || (byte >= LOWER_A && byte <= LOWER_Z) ||
    (byte >= ZERO && byte <= NINE) || byte === UNDERSCORE
  ) byte = BYTES[++at]!;
  return at;
}

/** Returns the position after digits of which the first is not 0, or 0. */
export function afterDigits(at: number): number {
  let digit = BYTES[at]! - ZERO;
  if (digit < 1) return 0;
  const from = at;
  while (digit >= 0 && digit <= 9) digit = BYTES[++at]! - ZERO;
  return at === from ? 0 : at;
}

/** Reads a whole number > 0 of at most 15 digits; returns the position after it, or 0. */
export function afterWhole(at: number): number {
  let digit = BYTES[at]! - ZERO;
  if (digit < 1) return 0;
  let high = 0;
  const middle = at + INT_DIGITS;
  const from = at;
  while (digit >= 0 && digit <= 9 && at < middle) {
    high = (Math.imul(high, 10) + digit) | 0;
    digit = BYTES[++at]! - ZERO;
  }
  let low = 0;
  const rest = at;
  while (digit >= 0 && digit <= 9 && at < from + MOST_DIGITS) {
    low = (Math.imul(low, 10) + digit) | 0;
    digit = BYTES[++at]! - ZERO;
  }
  if (at === from || (digit >= 0 && digit <= 9)) return 0;
  NUMBER[0] = high * POWERS[at - rest]! + low;
  return at;
}

/**
 * Reads a decimal number of at most nine digits before and after the point and 15 in all; returns
 * the position after it, or 0.
 *
 * The digits as a whole number and the power of ten are both exact, so that their quotient is
 * rounded once: it is what `Number()` gives.
 */
export function afterDecimal(at: number): number {
  const from = at;
  let units = 0;
  let digit = BYTES[at]! - ZERO;
  while (digit >= 0 && digit <= 9) {
    units = (Math.imul(units, 10) + digit) | 0;
    digit = BYTES[++at]! - ZERO;
  }
  const whole = at - from;
  if (whole === 0 || whole > INT_DIGITS) return 0;
  if (BYTES[at] !== POINT) {
    NUMBER[0] = units;
    return at;
  }
  const point = at;
  let parts = 0;
  digit = BYTES[++at]! - ZERO;
  while (digit >= 0 && digit <= 9) {
    parts = (Math.imul(parts, 10) + digit) | 0;
    digit = BYTES[++at]! - ZERO;
  }
  const decimals = at - point - 1;
  if (decimals === 0 || decimals > INT_DIGITS || whole + decimals > MOST_DIGITS) return 0;
  const power = POWERS[decimals]!;
  NUMBER[0] = (units * power + parts) / power;
  return at;
}

/** Returns the number read last. */
export function lastNumber(): number {
  return NUMBER[0]!;
}

/** Names that came before, by a hash of their bytes. */
const NAMES: string[] = new Array(4_096).fill("");

/** Returns the name between two positions of a frame; the same string for the same name, mostly. */
export function nameBetween(text: string, from: number, to: number): string {
  let hash = 0;
  for (let i = from; i < to; i++) hash = (Math.imul(hash, 31) + BYTES[i]!) | 0;
  const slot = hash & (NAMES.length - 1);
  const name = NAMES[slot]!;
  if (name.length === to - from && text.startsWith(name, from)) return name;
  return NAMES[slot] = text.slice(from, to);
}
