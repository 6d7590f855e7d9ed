import { resolve } from "node:path";
import config from "../../deno.json" with { type: "json" };
import type { Permissions, Place } from "./program.ts";

const NAMES = ["net", "read", "write", "env", "sys", "run"] as const;

/** The permission sets of deno.json. */
const SETS: Readonly<Record<string, Permissions>> = config.permissions;

/**
 * The flags that grant exactly these permissions: the named set of deno.json where it says the same,
 * else a full list of each kind (naming one beside a set would replace the set's list).
 */
export function permissionFlags(name: string, needed: Permissions, place: Place): string[] {
  const set = SETS[name];
  if (set !== undefined && isSame(absolute(set, place), needed)) {
    return ["--no-prompt", `-P=${name}`];
  }
  const flags = ["--no-prompt"];
  for (const kind of NAMES) {
    const granted = needed[kind];
    if (granted === true) flags.push(`--allow-${kind}`);
    else if (granted !== undefined && granted.length > 0) {
      flags.push(`--allow-${kind}=${granted.join(",")}`);
    }
  }
  return flags;
}

/** A set with its paths from the project's folder on. */
function absolute(set: Permissions, place: Place): Permissions {
  const paths = (list: Permissions["read"]) =>
    list === true || list === undefined ? list : list.map((p) => resolve(place.project, p));
  const { read, write, ...rest } = set;
  return {
    ...rest,
    ...(read === undefined ? {} : { read: paths(read)! }),
    ...(write === undefined ? {} : { write: paths(write) as string[] }),
  };
}

function isSame(a: Permissions, b: Permissions): boolean {
  return NAMES.every((kind) =>
    JSON.stringify(sorted(a[kind] ?? [])) === JSON.stringify(sorted(b[kind] ?? []))
  );
}

function sorted(list: readonly string[] | true): readonly string[] | true {
  return list === true ? list : list.toSorted();
}
