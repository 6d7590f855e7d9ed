/** What the system knows a file by, or `null` where there is none, or it tells none. */
export function inodeOf(path: string): number | null {
  try {
    return Deno.statSync(path).ino;
  } catch {
    return null;
  }
}
