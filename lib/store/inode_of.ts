import { StoreError } from "./store_error.ts";

/** What the system knows a file by, or `null` where there is none, or it tells none. */
export function inodeOf(path: string): number | null {
  try {
    return Deno.statSync(path).ino;
  } catch {
    return null;
  }
}

/**
 * The system lets a process write a file on that has no name any more: nobody would find it.
 *
 * @throws {StoreError} If the file at a path is not the one it was.
 */
export function checkInode(path: string, inode: number | null): void {
  if (inodeOf(path) === inode) return;
  throw new StoreError(
    "missing",
    path,
    `Cannot go on writing "${path}" as the file was removed or replaced: start again; what was received since is fetched again`,
  );
}
