import { FileError } from "./file_error.ts";
import { hasDecimalComma, isHeader } from "./number_text.ts";
import { cellsOf, isBlank, type Row } from "./row.ts";
import { sniffDelimiter, type TableFacts } from "./table.ts";

/** Where each field stands, from 0. */
export type Places<Field extends string> = { readonly [field in Field]?: number };

/** How the columns of one kind of table are found. */
export interface TableKind<Field extends string> {
  /** What its rows are. */
  readonly what: string;
  /** The fields it cannot do without. */
  readonly needed: readonly Field[];
  /** Fields whose numbers may have decimals. */
  readonly decimals: readonly Field[];
  /** Finds the fields by the names of the columns; the rows may tell more. */
  named(header: readonly string[], rows: readonly (readonly string[])[]): Places<Field>;
  /** Finds them where columns have no names. */
  placed(first: readonly string[]): Places<Field>;
}

/** What the first lines of a file tell of its form. */
export interface SniffedTable<Field extends string> {
  readonly facts: TableFacts;
  readonly at: Places<Field>;
}

/**
 * Returns how a table is written in a file.
 *
 * @param rows Its first rows; empty ones do not count.
 * @throws {FileError} If a needed column is missing.
 */
export function sniffTable<Field extends string>(
  rows: readonly Row[],
  kind: TableKind<Field>,
): SniffedTable<Field> {
  const filled = rows.filter((row) => !isBlank(row));
  const delimiter = sniffDelimiter(filled);
  const table = filled.map((row) => cellsOf(row, delimiter).map(String));
  const [first = []] = table;
  const hasHeader = isHeader(first);
  const data = hasHeader ? table.slice(1) : table;
  const at = hasHeader ? kind.named(first, data) : kind.placed(first);
  const missing = kind.needed.filter((field) => at[field] === undefined);
  if (missing.length > 0) {
    throw new FileError(
      `Cannot read ${kind.what} as no column holds ${missing.join(", ")}: ` +
        (hasHeader ? `the columns are ${first.join(", ")}` : `a row has ${first.length} cells`),
    );
  }
  const places = Object.entries(at) as [Field, number][];
  const columns = places.map(([field, k]) => [field, hasHeader ? first[k]! : String(k + 1)]);
  const numbers = data.flatMap((cells) => kind.decimals.map((field) => cells[at[field]!] ?? ""));
  return {
    at,
    facts: {
      ...{ delimiter, hasHeader, columns: Object.fromEntries(columns) },
      decimalComma: delimiter !== null && delimiter !== "," && hasDecimalComma(numbers),
    },
  };
}
