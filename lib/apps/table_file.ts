import { resolve } from "node:path";
import { type TableFormat, tableFormat } from "../tables/mod.ts";
import { type Permissions, type Place, UsageError } from "./program.ts";

/** A file to write a table to; its format follows from its name. */
export interface TableFile {
  /** The file, or `-` for standard output. */
  readonly path: string;
  readonly format: TableFormat;
}

/** Reads the name of a file a table goes to. @throws {UsageError} If its end tells no format. */
export function tableFile(name: string, place: Place): TableFile {
  return { path: name === "-" ? "-" : resolve(place.working, name), format: formatOf(name) };
}

/** What writing these files needs; `null` is none of them. */
export function tablePermissions(
  ...files: readonly (TableFile | null)[]
): Required<Pick<Permissions, "write">> & { readonly read: readonly string[] } {
  const paths = files.flatMap((file) =>
    file === null || file.path === "-" ? [] : [file.path, `${file.path}.part`]
  );
  return { read: paths, write: paths };
}

function formatOf(name: string): TableFormat {
  const format = name === "-" ? "csv" : tableFormat(name);
  if (format !== null) return format;
  throw new UsageError(
    `Cannot export to "${name}": its name must end in .csv, .csv.gz or .parquet`,
  );
}
