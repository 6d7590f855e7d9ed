import type { SchemaElement } from "hyparquet";

/** Powers of ten up to this one are exact as doubles. */
const MOST_EXACT_SCALE = 22;

/** Returns whether a column holds whole numbers that are to be divided by a power of ten. */
export function isDecimal({ converted_type, logical_type }: SchemaElement): boolean {
  return converted_type === "DECIMAL" || logical_type?.type === "DECIMAL";
}

/**
 * Returns the column without the word that it is decimal, so that the library gives its whole numbers:
 * it would multiply them by 0.01, which makes 0.35000000000000003 of 35.
 */
export function undivided(element: SchemaElement): SchemaElement {
  const { converted_type: _converted, logical_type: _logical, ...plain } = element;
  return plain;
}

/** Returns what makes the whole numbers of a column the doubles nearest to its decimals. */
export function decimalReader({ scale, logical_type }: SchemaElement): (value: unknown) => number {
  const places = scale ?? (logical_type?.type === "DECIMAL" ? logical_type.scale : 0);
  const divisor = Number(`1e${places}`);
  return (value) => {
    const whole = value instanceof Uint8Array ? bigEndian(value) : value as number | bigint;
    const number = Number(whole);
    // Of two exact numbers the quotient is rounded once; a text is, too, but takes longer.
    return Number.isSafeInteger(number) && places <= MOST_EXACT_SCALE
      ? number / divisor
      : Number(`${whole}e-${places}`);
  };
}

function bigEndian(bytes: Uint8Array): bigint {
  return BigInt.asIntN(8 * bytes.length, BigInt(`0x0${bytes.toHex()}`));
}
