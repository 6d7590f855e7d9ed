/** Writes a whole number of units as a decimal: `formatDecimal(8309170, 2)` is `83091.70`. */
export function formatDecimal(units: number, decimals: number): string {
  if (decimals === 0) return String(units);
  if (units < 0) return `-${formatDecimal(-units, decimals)}`;
  const digits = String(units).padStart(decimals + 1, "0");
  const point = digits.length - decimals;
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** How many decimals a text such as `83091.70` has. */
export function decimalsOf(text: string): number {
  const point = text.indexOf(".");
  return point === -1 ? 0 : text.length - point - 1;
}

/** Reads a decimal as a whole number of units, exactly; the inverse of `formatDecimal()`. */
export function parseDecimal(text: string, decimals: number): number {
  const missing = decimals - decimalsOf(text);
  return Number(text.replace(".", "") + "0".repeat(missing));
}
