/**
 * Returns a duration for a person.
 *
 * @param ms The duration in ms.
 * @returns For example `0.4 s`, `12 s` or `3 min 05 s`.
 */
export function formatDuration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

/**
 * Returns rows as an aligned text table; columns whose cells are all numbers align right.
 *
 * @param header The column names.
 * @param rows The cells, as many per row as there are columns.
 * @returns The lines, joined.
 */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const all = [header, ...rows];
  const widths = header.map((_, i) => Math.max(...all.map((row) => row[i]!.length)));
  const isNumeric = header.map((_, i) =>
    rows.every((row) => /^[-+]?[\d.,]+\D{0,3}$/.test(row[i]!))
  );
  const line = (row: readonly string[]) =>
    row.map((cell, i) => isNumeric[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))
      .join("  ").trimEnd();
  return all.map(line).join("\n");
}
