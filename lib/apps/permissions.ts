import type { Permissions } from "./program.ts";

/** The `--allow-…` flags that grant exactly these permissions. */
export function permissionFlags(permissions: Permissions): string[] {
  const flags = ["--no-prompt"];
  for (const name of ["net", "read", "write", "env", "sys", "run"] as const) {
    const granted = permissions[name];
    if (granted === true) flags.push(`--allow-${name}`);
    else if (granted !== undefined && granted.length > 0) {
      flags.push(`--allow-${name}=${granted.join(",")}`);
    }
  }
  return flags;
}
