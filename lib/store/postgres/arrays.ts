/**
 * Columns as PostgreSQL's array texts, for `unnest()`: one statement for any number of rows. Numbers
 * come back bit for bit, as their shortest text is what both sides read and write.
 */
export function arrayText(values: Iterable<string | number | null | undefined>): string {
  let text = "{";
  for (const value of values) {
    if (text.length > 1) text += ",";
    if (value === null || value === undefined) text += "NULL";
    else text += typeof value === "number" ? String(value) : quoted(value);
  }
  return `${text}}`;
}

function quoted(value: string): string {
  return `"${value.replace(/["\\]/g, "\\$&")}"`;
}
